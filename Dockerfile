# OpenPractice in a container. Written with care and NOT built or run: no Docker engine was at hand when it was written.
# If a step fails, please say so: the same steps without Docker are in docs/guide/running-it.md.
FROM python:3.11-slim-trixie

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    OPENPRACTICE_HOME=/data

# A number of our own, so that a folder mounted from the host can be given to it: chown 10001:10001 FOLDER
RUN groupadd --gid 10001 openpractice \
    && useradd --uid 10001 --gid openpractice --create-home --shell /usr/sbin/nologin openpractice \
    && install --directory --mode=700 --owner=openpractice --group=openpractice /data

# pg_dump and pg_restore, for backups of a PostgreSQL. They must not be older than the server; these are of version 17.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /src
COPY . .
# Every dependency comes as a ready-made wheel for Linux, so no compiler is needed. [pg] is the driver for PostgreSQL.
# Gone afterwards: only the installed package, with the sample in it, is needed to run.
RUN python -m pip install -c requirements/constraints.txt ".[pg]" \
    && rm -rf /src/*

USER openpractice
WORKDIR /data
VOLUME /data
EXPOSE 8000

# Asks as 127.0.0.1, a name the site answers to unless OPENPRACTICE_ALLOWED_HOSTS leaves it out.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]

ENTRYPOINT ["openpractice"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]

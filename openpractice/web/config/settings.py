"""Django's settings. What a person may change is in `environment.py`; the rest is the same everywhere."""

from csp.constants import NONCE, NONE, SELF

from openpractice.web.config import environment, static

HOME = environment.home()
SECRET_KEY = environment.secret_key(HOME)
DEBUG = environment.yes("OPENPRACTICE_DEBUG")
ALLOWED_HOSTS = environment.names("OPENPRACTICE_ALLOWED_HOSTS")
DATABASES = {"default": environment.database(HOME)}

ROOT_URLCONF = "openpractice.web.config.urls"
ASGI_APPLICATION = "openpractice.web.config.asgi.application"

# Open data needs no login, no session and no database: each of these would add its time to every page.
INSTALLED_APPS = ["django.contrib.staticfiles", "openpractice.web", "openpractice.web.explore"]
MIDDLEWARE = [
    "openpractice.web.config.headers.ContentSecurityPolicy",  # outermost: an error page needs its nonce too
    "openpractice.web.config.headers.Security",
    "openpractice.web.config.headers.Common",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "openpractice.web.config.templates.environment", "auto_reload": DEBUG},
    }
]

# Nothing may run or be fetched that this server did not send. A page works without any script.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
if environment.yes("OPENPRACTICE_HTTPS"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

STATIC_URL = "/static/"
STATIC_ROOT = static.collected(HOME)
STORAGES = {"staticfiles": {"BACKEND": "openpractice.web.config.static.Storage"}}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False  # one language; saves a translation look-up for every word
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"level": "ERROR"},  # a mistyped address is the visitor's business, not the log's
        "django.security": {"level": "CRITICAL"},  # robots knock at bare numbers, with thousands of parameters, all day
        "asyncio": {"level": "ERROR"},  # it warns of every visitor who leaves before the page is whole
    },
}

"""The web: server-rendered pages over `analysis` and `render`. `serve.py` starts it, `config` sets it up."""

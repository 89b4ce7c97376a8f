"""Services that are watched: middleware for FastAPI and Starlette, Flask, Django, and for any other application of ASGI or WSGI.

Each module needs its framework, and is loaded when it is asked for: `scouter.integrations.fastapi`, `flask`, `django`, `asgi`, `wsgi`.
"""

"""The ASGI application: routers of all slices, their wiring, health."""

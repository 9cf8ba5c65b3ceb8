"""The HTTP service will live here, beside `qa` and never imported by it. It is not written yet: use `qa` or the library."""

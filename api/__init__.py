"""Room for the HTTP service, beside `qa` and never imported by it. Not written yet: use `qa` or the library."""

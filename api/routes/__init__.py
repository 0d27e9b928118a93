"""Routes of the API, a module a noun: read the request, call a service, answer."""

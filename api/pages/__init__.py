"""Pages for people: templates over the same services as the API."""

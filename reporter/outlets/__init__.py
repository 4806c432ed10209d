"""Published things become bytes: no writes, no request."""

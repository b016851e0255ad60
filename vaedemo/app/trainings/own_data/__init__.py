"""A visitor's own data in the app: uploaded, looked at, used by pages, and cleared."""

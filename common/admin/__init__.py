"""What all forms and lists of the admin share, whichever app registers them
(docs/architecture.md)."""

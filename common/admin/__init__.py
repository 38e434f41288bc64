"""What every form and list of the admin has, whichever app registers it (docs/architecture.md)."""

"""Read-only SQL that several slices share."""

"""Change many records at once: preview, start, follow, cancel, undo."""

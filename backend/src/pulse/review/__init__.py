"""The weekly review: the week in figures, lists and action items; on a page and by mail."""

"""What every router shares: unit of work, problems, paging, events. It knows no feature."""

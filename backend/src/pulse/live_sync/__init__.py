"""Live sync: start and cancel runs, keep their schedule, tell how far they are."""

"""Data quality alerts: changes of deals that a person should look at."""

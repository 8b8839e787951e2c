"""Clock, ids, error base and log set-up: the basics that know nothing of deals or CRMs."""

"""The product's own fields made real: created, written and read through `zoho_crm`."""

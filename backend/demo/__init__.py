"""`make demo`: a simulated CRM, the whole product on it, and the first full sync.

The demo stands above product and simulator. It runs their public commands (`zoho-sim serve`,
`pulse up`) as children of the product's own supervisor, and speaks to both over HTTP; neither
knows of the other or of the demo.
"""

"""A deal to write and the answer of a busy CRM, for tests of how the simulator behaves."""

NEW_DEAL = {
    "Deal_Name": "Fresh",
    "Stage": "Qualification",
    "Pipeline": "Standard (Standard)",
}
TOO_MANY = {
    "code": "TOO_MANY_REQUESTS",
    "details": {},
    "message": "Too many requests. Please try again later.",
    "status": "error",
}

"""What people are told in the application, and by e-mail where there is a mail server."""

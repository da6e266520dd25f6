"""How the web is put together: settings from the environment, addresses, headers, static files, templates."""

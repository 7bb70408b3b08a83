"""How browsers and programs reach the services: routes, pages and sockets."""

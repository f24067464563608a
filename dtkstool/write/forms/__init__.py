"""One form of output a module; `formats.FORMATS` lists them."""

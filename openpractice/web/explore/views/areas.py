from openpractice.web.explore import pages, pictures

@pages.page("explore/area.jinja")
def area(store, query, code): raise NotImplementedError
@pages.page("explore/search.jinja")
def search(store, query): raise NotImplementedError
@pictures.files
def files(store, query, code): raise NotImplementedError

"""Every address of this part."""

urlpatterns: list = []

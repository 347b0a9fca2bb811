from django.urls import URLPattern, URLResolver, path

from linli.site import floors, home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("say/", home.say, name="have-a-say"),
    path("forum/<int:topic_id>/<int:number>/case/", floors.floor_to_case, name="floor-case"),
    path("my-file/", home.my_file, name="my-file"),
    path("my-file/export/", home.my_file_export, name="my-file-export"),
    path("my-file/erasure/", home.erase, name="erase-me"),
]

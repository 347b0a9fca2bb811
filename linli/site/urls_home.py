from django.urls import URLPattern, URLResolver, path

from linli.site import floors, home, my_file

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("say/", home.say, name="have-a-say"),
    path("forum/<int:topic_id>/<int:number>/case/", floors.floor_to_case, name="floor-case"),
    path("my-file/", my_file.my_file, name="my-file"),
    path("my-file/everything/", my_file.everything, name="my-file-everything"),
    path("my-file/export/", my_file.export, name="my-file-export"),
    path("my-file/erasure/", my_file.erase, name="erase-me"),
]

"""Addresses of the forum. A floor's own address never changes, whatever page it stands on."""

from django.urls import path

from linli.forum.views import boards, feeds, floor, moderation, search, topic, write

urlpatterns = [
    path("forum/", boards.forum, name="forum"),
    path("forum/search/", search.search, name="forum-search"),
    path("forum/feed/", feeds.of_forum, name="forum-feed"),
    path("forum/log/", moderation.log, name="forum-log"),
    path("forum/queue/", moderation.queue, name="forum-queue"),
    path("forum/queue/<int:report_id>/", moderation.settle, name="forum-settle"),
    path("forum/mine/", boards.mine, name="forum-mine"),
    path("forum/about/<str:subject>/", write.about, name="forum-about"),
    path("forum/b/<str:code>/", boards.board, name="board"),
    path("forum/b/<str:code>/new/", write.new_topic, name="new-topic"),
    path("forum/b/<str:code>/feed/", feeds.of_board, name="board-feed"),
    path("forum/b/<str:code>/follow/", boards.follow, name="board-follow"),
    path("forum/<int:topic_id>/", topic.topic, name="topic"),
    path("forum/<int:topic_id>/print/", topic.printed, name="topic-print"),
    path("forum/<int:topic_id>/feed/", feeds.of_topic, name="topic-feed"),
    path("forum/<int:topic_id>/reply/", write.reply, name="topic-reply"),
    path("forum/<int:topic_id>/follow/", topic.follow, name="topic-follow"),
    path("forum/<int:topic_id>/moderate/", moderation.of_topic, name="topic-moderate"),
    path("forum/<int:topic_id>/<int:number>/", floor.floor, name="floor"),
    path("forum/<int:topic_id>/<int:number>/more/", floor.more, name="floor-more"),
    path("forum/<int:topic_id>/<int:number>/edit/", write.edit, name="floor-edit"),
    path("forum/<int:topic_id>/<int:number>/earlier/", floor.earlier, name="floor-earlier"),
    path("forum/<int:topic_id>/<int:number>/take-back/", floor.take_back, name="floor-take-back"),
    path("forum/<int:topic_id>/<int:number>/report/", floor.report, name="floor-report"),
    path("forum/<int:topic_id>/<int:number>/again/", floor.ask_again, name="floor-again"),
    path("forum/<int:topic_id>/<int:number>/moderate/", moderation.of_floor,
         name="floor-moderate"),
    path("forum/<int:topic_id>/<int:number>/ask/", moderation.ask_for_case, name="floor-ask"),
]  # fmt: skip

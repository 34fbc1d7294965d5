from django.urls import include, path
from rest_framework.routers import SimpleRouter

from multinexo_oauth.urls import well_known

from . import views

router = SimpleRouter()
router.register("by-action", views.ByAction, basename="by-action")

api = [
    path("anyone/", views.Shop.as_view()),
    path("people/", views.People.as_view()),
    path("products/", views.Products.as_view()),
    path("spaced/", views.Spaced.as_view()),
    path("reports/", views.Reports.as_view()),
    path("no-reports/", views.NoReports.as_view()),
    path("by-method/", views.ByMethod.as_view()),
    path("writes-only/", views.WritesOnly.as_view()),
    path("by-resource/", views.ByResource.as_view()),
    path("broken/", views.Broken.as_view()),
    path("session-first/", views.SessionFirst.as_view()),
    path("session-first-people/", views.SessionFirstPeople.as_view()),
    path("session-only/", views.SessionOnly.as_view()),
    path("realm/", views.Realm.as_view()),
    path("undeclared/", views.Undeclared.as_view()),
    path("list-for-mapping/", views.ListForMapping.as_view()),
    path("mapping-for-list/", views.MappingForList.as_view()),
    path("hidden/", views.Hidden.as_view()),
    path("composed/<str:name>/", views.Composed.as_view()),
    path("thing-of-others/", views.ThingOfOthers.as_view()),
    path("thing-of-owner/", views.ThingOfOwner.as_view()),
    path("thing-of-owner-with-scope/", views.ThingOfOwnerWithScope.as_view()),
    path("function/", views.function),
    path("twice/", views.twice),
    *router.urls,
]

urlpatterns = [path("", include(well_known)), path("api/", include(api))]

"""What changes a credential's life: each act on the plain model, with what it answers."""

from typing import Any

from .model import (
    ACCESS,
    CODE,
    DEVICE,
    GRACE,
    NONE,
    PAGE,
    REUSE,
    AccessToken,
    Answer,
    Application,
    Code,
    Credential,
    Device,
    Family,
    Page,
    Person,
    RefreshToken,
    Scopes,
    State,
)


class World(State):
    # Getting credentials.

    def authorize(
        self, person: Person, application: Application, asked: Scopes, ticked: Scopes | None
    ) -> Answer:
        """Return what a code is for, or why there is none. Who comes to the page denies where `ticked` is None."""
        answer = self.visit(person, application, asked)
        return self.press(self.pages[-1], ticked) if answer == "consent_required" else answer

    def visit(self, person: Person, application: Application, asked: Scopes) -> Answer:
        """Return what a code is for where nobody needs to be asked; else there is a page, or an error."""
        wanted = self.wanted(application, asked)
        if not (application.usable and person.active):
            return "page"
        if isinstance(wanted, str):
            return wanted
        page = self.page(person, application, wanted)
        if page.shown == wanted:
            return self.give_code(page, wanted)
        self.pages.append(page)
        return "consent_required"

    def page(self, person: Person, application: Application, wanted: Scopes) -> Page:
        return Page(
            application=application,
            person=person,
            scopes=wanted,
            expires=self.now + PAGE,
            shown=wanted & self.consented(person, application),
            passwords=person.passwords,
        )

    def wanted(self, application: Application, asked: Scopes) -> Answer:
        known = asked & self.catalogue
        return known if known and known <= application.scopes else "invalid_scope"

    def press(self, page: Page, ticked: Scopes | None) -> Answer:
        """Return what a code is for. The page comes back where it does not show any more what stands."""
        if self.wanted(page.application, page.scopes) != page.scopes or not self.is_current(page):
            return "page"
        if ticked is None:
            return "access_denied"
        granted = self.ticked(page, ticked)
        return self.give_code(page, granted) if granted else "page"

    def ticked(self, page: Page, ticked: Scopes) -> Scopes:
        """Add to the consent what a page grants, and return it: nothing where the page shows what stands no more."""
        granted = page.scopes & (page.shown | ticked)
        if not page.shown <= self.consented(page.person, page.application):
            return NONE
        if granted:
            self.consent(page, granted)
        return granted

    def consent(self, to: Credential, granted: Scopes) -> None:
        """Add to a consent what it does not cover yet."""
        stored = self.consents.get((to.person, to.application), NONE)
        self.consents[to.person, to.application] = stored | (
            granted - self.consented(to.person, to.application)
        )

    def give_code(self, page: Page, granted: Scopes) -> Scopes:
        end = self.now + CODE
        self.codes.append(Code(application=page.application, person=page.person, scopes=granted, expires=end))
        return granted

    def exchange(self, code: Code, right: bool = True) -> Answer:
        answer = self.code_answer(code, right)
        if not isinstance(answer, str):
            code.spent, code.redeemed, code.family = True, self.now, self.deliver(code, answer)
        elif code.spent and self.is_known(code) and (not right or self.now >= code.redeemed + GRACE):
            self.end(code.family)
        return answer

    def refresh_with(self, token: RefreshToken, asked: Scopes | None = None) -> Answer:
        answer = self.refresh_answer(token, asked)
        if self.is_reused(token) and self.is_standing(token):
            self.end(token.family)
        if not isinstance(answer, str):
            self.issue(token.family, answer)
            token.family.used = self.now if token.successor is None else token.family.used
            if token.successor is None and self.rotates(token.application):
                token.replaced, token.successor = self.now, self.issue_refresh(token.family)
        return answer

    def serve(self, application: Application, asked: Scopes) -> Answer:
        """Give a service a token for itself."""
        wanted = self.wanted(application, asked)
        if not isinstance(wanted, str):
            self.deliver(Credential(application=application, scopes=wanted), wanted)
        return wanted

    def start(self, application: Application, asked: Scopes) -> Answer:
        wanted = self.wanted(application, asked)
        if not isinstance(wanted, str):
            self.devices.append(Device(application=application, scopes=wanted, expires=self.now + DEVICE))
        return wanted

    def open_device(self, person: Person, device: Device) -> Page | None:
        """Return the page on which a person answers a device, if it comes to that."""
        wanted = self.askable(device)
        may = self.waits(device) and device.application.usable and person.active
        return self.page(person, device.application, wanted) if may and wanted else None

    def askable(self, device: Device) -> Scopes:
        return device.scopes & device.application.scopes & self.catalogue

    def decide(self, device: Device, page: Page, ticked: Scopes | None) -> None:
        """Answer a device, unless its page shows no more what stands."""
        if not self.waits(device) or not self.is_current(page):
            return
        granted = self.ticked(page, ticked) if ticked and page.scopes == self.askable(device) else NONE
        if ticked is None or granted:
            device.person, device.denied, device.scopes = (
                page.person,
                ticked is None,
                granted or device.scopes,
            )

    def poll(self, device: Device) -> Answer:
        answer = self.device_answer(device)
        if answer in {"slow_down", "authorization_pending"}:
            device.polled, device.interval = self.now, device.interval + 5 * (answer == "slow_down")
        elif not isinstance(answer, str):
            device.spent = True
            self.deliver(device, answer)
        return answer

    def deliver(self, grant: Credential, scopes: Scopes) -> Family:
        """Begin a family. It may carry later what the application or the catalogue lacks only for now."""
        family = Family(
            application=grant.application,
            person=grant.person,
            scopes=grant.scopes,
            began=self.now,
            used=self.now,
        )
        self.issue(family, scopes)
        if family.person:
            self.issue_refresh(family)
        return family

    def issue(self, family: Family, scopes: Scopes) -> None:
        self.access.append(
            AccessToken(
                application=family.application,
                person=family.person,
                family=family,
                scopes=scopes,
                expires=self.now + ACCESS,
            )
        )

    def issue_refresh(self, family: Family) -> RefreshToken:
        self.refresh.append(RefreshToken(application=family.application, family=family))
        return self.refresh[-1]

    # Losing them.

    def end(self, *families: Family | None) -> None:
        for family in filter(None, families):
            family.ended = True
        self.forget([token for token in self.access if token.family in families])

    def forget(self, credentials: list[Any]) -> None:
        for credential in credentials:
            credential.gone = True

    def revoke(self, token: AccessToken | RefreshToken) -> None:
        if not token.gone:
            self.end(token.family)

    def end_all(self, person: Person | None = None, application: Application | None = None) -> None:
        """End every code and token of a person, of an application, or of one at the other."""

        def theirs(one: Credential | Family) -> bool:
            return person in {None, one.person} and application in {None, one.application}

        self.forget([code for code in self.codes if theirs(code) and not code.spent])
        self.forget([device for device in self.devices if theirs(device)])
        self.end(*(token.family for token in self.access if theirs(token.family)))

    def remove(self, person: Person, application: Application) -> None:
        """End a consent."""
        self.consents.pop((person, application), None)
        self.end_all(person, application)

    def withdraw(self, person: Person, application: Application, names: Scopes) -> None:
        """Take permissions back, and those that bring them along. Nobody takes the last one back like this."""
        held = self.consents.get((person, application), NONE)
        kept = frozenset(name for name in held if not names & held & self.expanded(frozenset({name})))
        if not kept & self.catalogue:
            return
        self.consents[person, application] = kept
        going = self.expanded(held) - self.expanded(kept)
        credentials = [*self.codes, *self.devices, *self.access]
        theirs = [each for each in credentials if (each.person, each.application) == (person, application)]
        self.forget([each for each in theirs if each.scopes & going and not each.spent])
        for family in {token.family for token in self.access if token in theirs}:
            family.scopes -= going
            family.ended = family.ended or not family.scopes

    def change_password(self, person: Person) -> None:
        person.passwords += 1
        if self.password_ends:
            self.end_all(person)

    def delete_person(self, person: Person) -> None:
        """What they own is suspended, for others may depend on it."""
        person.active = person.exists = False
        self.end_all(person)
        for each in self.applications.values():
            each.suspended = each.suspended or each.owner is person

    def delete_application(self, application: Application) -> None:
        application.exists = False
        self.end_all(application=application)

    def clean_up(self) -> None:
        """Forget what has expired, and what was replaced so long ago that its reuse is told no more."""
        self.forget([each for each in [*self.codes, *self.devices, *self.access] if each.expires < self.now])
        self.forget([each for each in self.refresh if self.end_of(each.family) < self.now])
        replaced = [each for each in self.refresh if each.replaced is not None]
        self.forget([each for each in replaced if each.replaced < self.now - REUSE])

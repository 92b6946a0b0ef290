package web_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"kassa/register"
	"kassa/server/pg"
	"kassa/server/pgcluster/pgtest"
	"kassa/server/servertest"
	"kassa/sync/wire"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Run(m)) }

const journalID = "01935f3e-0000-7000-8000-000000000001"

// browser keeps cookies and follows redirections, as the owner's does.
type browser struct {
	t    *testing.T
	w    *servertest.World
	http *http.Client
	lang string
}

func newBrowser(t *testing.T, w *servertest.World, lang string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, w: w, http: &http.Client{Jar: jar}, lang: lang}
}

// result is a page: its status, the path that it came from in the end, and its text.
type result struct {
	status int
	path   string
	text   string
	header http.Header
}

func (b *browser) do(method, path string, form url.Values, header ...string) result {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.w.URL+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Accept-Language", b.lang)
	if method == "POST" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return result{status: resp.StatusCode, path: resp.Request.URL.Path, text: string(text), header: resp.Header}
}

func (b *browser) get(path string) result { b.t.Helper(); return b.do("GET", path, nil) }

func (b *browser) login() *browser {
	b.t.Helper()
	page := b.do("POST", "/login", url.Values{"login": {servertest.Login}, "password": {servertest.Password}})
	if page.status != http.StatusOK || page.path != "/" {
		b.t.Fatalf("logging in led to %d at %s", page.status, page.path)
	}
	return b
}

func (r result) expect(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(strings.ReplaceAll(r.text, "\u00a0", " "), text) {
			t.Errorf("%s does not say %q:\n%s", r.path, text, r.text)
		}
	}
}

func (r result) expectNot(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(r.text, text) {
			t.Errorf("%s says %q", r.path, text)
		}
	}
}

// sell uploads a day of the shop: a shift, sales, and an operation that the server does not understand.
func sell(t testing.TB, w *servertest.World, sales int) *servertest.Journal {
	t.Helper()
	j := &servertest.Journal{ID: journalID}
	at := w.Clock.Now().Add(-time.Duration(sales+2) * time.Minute)
	j.Add(t, at, register.KindShiftOpened, register.ShiftOpened{Float: 5000_00})
	for i := range sales {
		at = at.Add(time.Minute)
		j.AddSale(t, at, int64(i)+1)
	}
	j.Add(t, at, "tip_given", map[string]any{"amount": 100})
	for from := int64(0); from < int64(len(j.Records)); from += 500 {
		var ack wire.Ack
		w.Upload(w.Secret, j, from, min(from+500, int64(len(j.Records)))).Into(&ack)
	}
	return j
}

func TestLogin(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "en")
	for _, path := range []string{"/", "/operations", "/payments", "/pairing", "/operations/" + journalID + "/1", "/nowhere"} {
		if page := b.get(path); page.path != "/login" {
			t.Errorf("%s is shown to strangers: %d at %s", path, page.status, page.path)
		}
	}
	wrong := b.do("POST", "/login", url.Values{"login": {servertest.Login}, "password": {"wrong horse"}})
	if wrong.status != http.StatusUnauthorized {
		t.Errorf("a wrong password gives %d", wrong.status)
	}
	wrong.expect(t, "The login or the password is wrong.")
	page := b.do("POST", "/login", url.Values{"login": {strings.ToUpper(servertest.Login)}, "password": {servertest.Password}})
	if page.path != "/" {
		t.Fatalf("logging in led to %d at %s", page.status, page.path)
	}
	page.expect(t, "Касса 1", "Магазин на Садовой", "just now", "Connected")

	site, err := url.Parse(w.URL)
	if err != nil {
		t.Fatal(err)
	}
	old := b.http.Jar.Cookies(site)
	if page := b.do("POST", "/logout", nil); page.path != "/login" {
		t.Errorf("logging out led to %s", page.path)
	}
	b.http.Jar.SetCookies(site, old)
	if page := b.get("/"); page.path != "/login" {
		t.Error("the old cookie works after logging out")
	}
}

func TestSessionCookie(t *testing.T) {
	w := servertest.Start(t)
	form := url.Values{"login": {servertest.Login}, "password": {servertest.Password}}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(w.URL+"/login", form)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	cookies := resp.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || len(cookies[0].Value) < 40 {
		t.Errorf("cookies are %v", cookies)
	}
	w.Clock.Move(8 * 24 * time.Hour)
	if _, err := w.Store.Session(t.Context(), w.Clock.Now(), cookies[0].Value, time.Hour); err == nil {
		t.Error("a session that was not used for eight days is alive")
	}
}

func TestGuessingPasswordsSlowsDown(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "en")
	right := url.Values{"login": {servertest.Login}, "password": {servertest.Password}}
	for range 5 {
		b.do("POST", "/login", url.Values{"login": {servertest.Login}, "password": {"guess"}})
	}
	page := b.do("POST", "/login", right)
	if page.status != http.StatusTooManyRequests {
		t.Errorf("after five wrong passwords: %d", page.status)
	}
	page.expect(t, "Try again in 30 seconds.")
	w.Clock.Move(30 * time.Second)
	if page := b.do("POST", "/login", right); page.path != "/" {
		t.Errorf("after the pause: %d at %s", page.status, page.path)
	}
}

// TestGuessingAllAtOnce sends guesses side by side, under one login written in several ways.
func TestGuessingAllAtOnce(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "en")
	ways := []string{servertest.Login, " " + servertest.Login, strings.ToUpper(servertest.Login)}
	var guesses sync.WaitGroup
	var checked atomic.Int64
	for i := range 24 {
		guesses.Go(func() {
			page := b.do("POST", "/login", url.Values{"login": {ways[i%len(ways)]}, "password": {"guess"}})
			if page.status == http.StatusUnauthorized {
				checked.Add(1)
			}
		})
	}
	guesses.Wait()
	if n := checked.Load(); n < 5 || n > 6 { // two are checked side by side
		t.Errorf("%d of 24 guesses were checked", n)
	}
}

func TestALoginThatCannotBe(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "en")
	for _, login := range []string{"a\x00b", "a\xffb"} {
		if page := b.do("POST", "/login", url.Values{"login": {login}, "password": {"guess"}}); page.status != http.StatusUnauthorized {
			t.Errorf("login %q gives %d", login, page.status)
		}
	}
}

func TestComingBackStaysHere(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "en")
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for back, want := range map[string]string{
		"/payments?after=1": "/payments?after=1", "//evil.example": "/", "/\\evil.example": "/", "/\t/evil.example": "/",
		"https://evil.example": "/",
	} {
		page := b.do("POST", "/language", url.Values{"language": {"en"}, "back": {back}})
		if got := page.header.Get("Location"); got != want {
			t.Errorf("from %q it goes to %q, want %q", back, got, want)
		}
	}
}

func TestForeignPagesCannotPost(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "en").login()
	tills, err := w.Store.Tills(t.Context(), w.Owner.Account)
	if err != nil {
		t.Fatal(err)
	}
	path := "/tills/" + tills[0].ID.String() + "/revoke"
	if page := b.do("POST", path, nil, "Sec-Fetch-Site", "cross-site"); page.status != http.StatusForbidden {
		t.Errorf("a foreign page's form gives %d", page.status)
	}
	if tills, err = w.Store.Tills(t.Context(), w.Owner.Account); err != nil || tills[0].RevokedAt != nil {
		t.Error("a foreign page revoked a till")
	}
	csp := b.get("/").header.Get("Content-Security-Policy")
	if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") {
		t.Errorf("the content security policy is %q", csp)
	}
}

func TestLanguages(t *testing.T) {
	w := servertest.Start(t)
	for lang, want := range map[string]string{"": "Вход для владельца", "en-GB,en;q=0.9": "Owner’s login",
		"de,ru;q=0.5": "Вход для владельца", "ja": "Вход для владельца", ";;q=x": "Вход для владельца"} {
		newBrowser(t, w, lang).get("/login").expect(t, want)
	}
	b := newBrowser(t, w, "ru").login()
	page := b.do("POST", "/language", url.Values{"language": {"en"}, "back": {"/operations?aside=1"}})
	if page.path != "/operations" {
		t.Errorf("choosing a language led to %s", page.path)
	}
	page.expect(t, `<html lang="en">`, "All tills")
	for _, back := range []string{"https://evil.example/", "//evil.example/", `/\evil.example/`, ""} {
		if page := b.do("POST", "/language", url.Values{"language": {"ru"}, "back": {back}}); page.path != "/" {
			t.Errorf("going back to %q led to %s", back, page.path)
		}
	}
}

func TestOperationsPage(t *testing.T) {
	w := servertest.Start(t)
	sell(t, w, 120)
	b := newBrowser(t, w, "ru").login()
	row := regexp.MustCompile(`href="(/operations/[0-9a-f-]+/\d+)"`)
	older := regexp.MustCompile(`href="(/operations\?after=[^"]+)"`)
	seen := map[string]bool{}
	pages := 0
	for path := "/operations"; path != ""; pages++ {
		page := b.get(path)
		if page.status != http.StatusOK {
			t.Fatalf("%s gives %d", path, page.status)
		}
		for _, m := range row.FindAllStringSubmatch(page.text, -1) {
			if seen[m[1]] {
				t.Errorf("%s is listed twice", m[1])
			}
			seen[m[1]] = true
		}
		path = ""
		if m := older.FindAllStringSubmatch(page.text, -1); len(m) > 0 && strings.Contains(page.text, "Более ранние") {
			path = strings.ReplaceAll(m[len(m)-1][1], "&amp;", "&")
		}
	}
	if len(seen) != 122 || pages != 3 {
		t.Errorf("%d operations on %d pages", len(seen), pages)
	}

	b.get("/operations?aside=1").expect(t, "tip_given", "не разобрана")
	b.get("/operations?from=2026-11-22&to=2026-11-22").expect(t, "Продажа № 120")
	b.get("/operations?to=2026-11-21").expect(t, "ничего не нашлось")
	b.get("/operations?till="+w.Till.Till).expect(t, "Продажа № 120")
	b.get("/operations?till="+uuid.NewString()).expect(t, "ничего не нашлось")
	b.get("/").expect(t, "1 операция сохранена, но не разобрана", "120 продаж", "Операций получено", "122")
	for _, query := range []string{"till=x", "from=yesterday", "to=2026-13-01", "after=1_2", "after=x_y_z"} {
		if page := b.get("/operations?" + query); page.status != http.StatusBadRequest {
			t.Errorf("%s gives %d", query, page.status)
		}
	}
}

func TestOneOperation(t *testing.T) {
	w := servertest.Start(t)
	j := sell(t, w, 1)
	b := newBrowser(t, w, "ru").login()
	// The world's clock says 9:00 UTC; the shop is in Moscow, and the sale was two minutes before.
	b.get("/operations/"+journalID+"/2").expect(t, "Продажа № 1", "277,32 ₽", "Молоко пастеризованное 3,2 %", "0,756 кг",
		"179,80 ₽", "НДС 10 %", "22.11.2026 11:58", "277,82 ₽", "сдача 0,50 ₽", "4600000000017")
	b.get("/operations/"+journalID+"/1").expect(t, "5 000,00 ₽")
	b.get("/operations/"+journalID+"/3").expect(t, "tip_given", "Вид операции серверу неизвестен")

	j.Records = append(j.Records, []byte("<script>alert(1)</script>"))
	var ack wire.Ack
	w.Upload(w.Secret, j, 3, 4).Into(&ack)
	aside := b.get("/operations/" + journalID + "/4")
	aside.expect(t, "Нечитаемая запись", "&lt;script&gt;")
	aside.expectNot(t, "<script>")
	for _, path := range []string{journalID + "/99", journalID + "/x", "x/1", uuid.NewString() + "/1"} {
		if page := b.get("/operations/" + path); page.status != http.StatusNotFound {
			t.Errorf("%s gives %d", path, page.status)
		}
	}
}

func TestAccountsDoNotSeeEachOther(t *testing.T) {
	w := servertest.Start(t).WithBank()
	sell(t, w, 1)
	payment := wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: 100_00, Purpose: "Тайная покупка", Expires: w.Clock.Now().Add(time.Hour)}
	w.Call(w.Secret, "POST", "/api/v1/payments", payment)
	_, err := w.Store.CreateOwner(t.Context(), w.Clock.Now(), pg.NewOwner{Login: "stranger", Password: servertest.Password, Store: "Elsewhere"})
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, w, "ru")
	if page := b.do("POST", "/login", url.Values{"login": {"stranger"}, "password": {servertest.Password}}); page.path != "/" {
		t.Fatal("the stranger cannot log in")
	}
	for _, path := range []string{"/", "/operations", "/payments", "/pairing", "/operations?till=" + w.Till.Till} {
		b.get(path).expectNot(t, "Продажа №", "Тайная", "Садовой", "Касса 1")
	}
	for _, path := range []string{"/operations/" + journalID + "/2", "/payments/" + payment.ID, "/tills/" + w.Till.Till + "/revoke"} {
		if page := b.get(path); page.status != http.StatusNotFound {
			t.Errorf("%s gives %d to a stranger", path, page.status)
		}
	}
	if page := b.do("POST", "/tills/"+w.Till.Till+"/revoke", nil); page.status != http.StatusNotFound {
		t.Errorf("a stranger's revoking gives %d", page.status)
	}
	if page := b.do("POST", "/pairing", url.Values{"store": {w.Shop.ID.String()}}); page.status != http.StatusNotFound {
		t.Errorf("a stranger's pairing gives %d", page.status)
	}
}

func TestPairAndRevokeByPages(t *testing.T) {
	w := servertest.Start(t)
	b := newBrowser(t, w, "ru").login()
	page := b.do("POST", "/pairing", url.Values{"store": {w.Shop.ID.String()}})
	code := regexp.MustCompile(`pairing-code">([0-9A-Z-]+)<`).FindStringSubmatch(page.text)
	if code == nil {
		t.Fatalf("no code on the page:\n%s", page.text)
	}
	page.expect(t, "12:15") // a quarter of an hour from now, in Moscow
	b.get("/pairing").expectNot(t, code[1])
	var paired wire.Paired
	w.Call("", "POST", "/api/v1/pair", wire.Pair{Code: code[1], Name: "Касса у входа"}).Into(&paired)
	b.get("/").expect(t, "Касса у входа")

	b.get("/tills/"+paired.Till+"/revoke").expect(t, "Касса у входа", "Отключить кассу")
	if page := b.do("POST", "/tills/"+paired.Till+"/revoke", nil); page.path != "/" {
		t.Errorf("revoking led to %s", page.path)
	}
	b.get("/").expect(t, "1 отключённая касса")
	if a := w.Call(paired.Secret, "GET", "/api/v1/status", nil); a.Status != http.StatusUnauthorized {
		t.Errorf("the revoked till gets %d", a.Status)
	}
}

func TestPaymentsPage(t *testing.T) {
	w := servertest.Start(t).WithBank()
	var last wire.Payment
	for i := range 60 {
		n := wire.NewPayment{ID: uuid.Must(uuid.NewV7()).String(), Amount: 100_00, Purpose: fmt.Sprintf("Покупка %d", i+1),
			Expires: w.Clock.Now().Add(time.Hour)}
		w.Call(w.Secret, "POST", "/api/v1/payments", n).Into(&last)
		w.Clock.Move(time.Millisecond)
	}
	w.Call(w.Secret, "POST", "/api/v1/payments/"+last.ID+"/cancel", nil).Into(&last)
	b := newBrowser(t, w, "ru").login()
	first := b.get("/payments")
	first.expect(t, "Покупка 60", "отменён", "ждёт оплаты", "Покупка 11<")
	first.expectNot(t, "Покупка 10<")
	next := regexp.MustCompile(`href="(/payments\?after=[^"]+)"`).FindStringSubmatch(first.text)
	if next == nil {
		t.Fatal("no next page")
	}
	second := b.get(next[1])
	second.expect(t, "Покупка 10<", "Покупка 1<", "К самым новым")
	second.expectNot(t, "Покупка 11<", "Более ранние")
	b.get("/payments/"+last.ID).expect(t, "Касса запросила код", "Создание в банке", "Просьба отменить",
		"Т-Банк", last.BankID, "CANCELED", "12:00:00")
	for _, path := range []string{"/payments/x", "/payments/" + uuid.NewString()} {
		if page := b.get(path); page.status != http.StatusNotFound {
			t.Errorf("%s gives %d", path, page.status)
		}
	}
	if page := b.get("/payments?after=x"); page.status != http.StatusBadRequest {
		t.Errorf("a bad place gives %d", page.status)
	}
}

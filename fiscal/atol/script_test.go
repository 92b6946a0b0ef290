package atol

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/fiscal"
)

// script is a service that says what it is told to.
type script struct {
	mu     sync.Mutex
	post   []answer // to POST requests, one after another; the last one stays
	get    []answer // to GET requests/{uuid}
	ask    map[string]answer
	posted []string
}

type answer struct {
	status int
	body   string
}

func next(list *[]answer) answer {
	if len(*list) == 0 {
		return answer{http.StatusNotFound, `{"error":{"code":505,"description":"Задание не найдено"}}`}
	}
	a := (*list)[0]
	if len(*list) > 1 {
		*list = (*list)[1:]
	}
	return a
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	path := strings.TrimPrefix(r.URL.Path, "/api/v2/")
	var a answer
	switch {
	case r.Method == http.MethodPost && path == "requests":
		s.posted = append(s.posted, string(body))
		a = next(&s.post)
	case strings.HasPrefix(path, "requests/"):
		a = next(&s.get)
	default:
		a = s.ask[strings.TrimPrefix(path, "operations/query")]
	}
	if a.status == 0 {
		panic(http.ErrAbortHandler)
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// standsAt1041 are the answers of a device whose last document has the number 1041.
func standsAt1041() map[string]answer {
	return map[string]answer{
		"FnInfo":      {200, `{"fnInfo":{"serial":"9999078902000123","livePhase":"fiscalMode","ffdVersion":"1.2"}}`},
		"FnStatus":    {200, `{"fnStatus":{"fiscalDocumentNumber":1041,"fiscalReceiptNumber":4}}`},
		"ShiftTotals": {200, `{"shiftTotals":{"cashDrawerTotals":{"sum":100.5}}}`},

		"getRequestsQueueStatus": {200, `{"number":0,"canceled":0,"ready":7,"isBlocked":false,"blockReason":"","blockedUUID":""}`},
	}
}

var before1041 = fiscal.Before{FN: "9999078902000123", Last: 1041, Drawer: 100_50}

const secret = "Super-Secret-77"

func (s *script) open(t *testing.T, change func(*Config)) *Device {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	c := Config{URL: server.URL, Login: "kassa", Password: secret, Options: fiscal.Options{Deadline: 3 * time.Second, Pause: time.Millisecond}}
	if change != nil {
		change(&c)
	}
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var created = answer{201, `{"number":1,"uuid":"u","isBlocked":false,"blockedUUID":""}`}

const exampleReady = `{"results":[{"status":"ready","error":{"code":0,"description":"Ошибок нет"},"result":{
  "fiscalParams":{"fiscalDocumentNumber":1042,"fiscalDocumentSign":"2780318453","fiscalDocumentDateTime":"2026-03-14T12:05:00+03:00",
   "fiscalReceiptNumber":5,"shiftNumber":37,"fnNumber":"9999078902000123","registrationNumber":"0000000001061770","total":446.44,"fnsUrl":"www.nalog.gov.ru"},
  "warnings":{"notPrinted":false}}}]}`

func result(status, code, words string) answer {
	return answer{200, `{"results":[{"status":"` + status + `","error":{"code":` + code + `,"description":"` + words + `"},"result":null}]}`}
}

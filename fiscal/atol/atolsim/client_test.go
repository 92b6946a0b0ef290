package atolsim_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kassa/fiscal/atol/atolsim"
	"kassa/fiscal/fnsim"
)

const (
	login    = "kassa"
	password = "Practice-2026"
)

// client speaks to the service as any program would, with no code of the adapter.
type client struct {
	t    *testing.T
	sim  *atolsim.Server
	url  string
	mu   sync.Mutex
	now  time.Time
	jobs int
}

func open(t *testing.T, change ...func(*atolsim.Config)) *client {
	t.Helper()
	k := &client{t: t, now: time.Date(2026, 3, 14, 9, 5, 0, 0, time.UTC)}
	c := atolsim.Config{Login: login, Password: password, Recovery: time.Millisecond, Setup: fnsim.Setup{Clock: k.clock}}
	for _, f := range change {
		f(&c)
	}
	sim, err := atolsim.New(c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- sim.Run(ctx) }()
	server := httptest.NewServer(sim.Handler())
	k.sim, k.url = sim, server.URL
	t.Cleanup(func() {
		server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return k
}

func (k *client) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

func (k *client) advance(d time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = k.now.Add(d)
}

// do sends a request with the account, and gives the status and the JSON of the answer.
func (k *client) do(method, path, body string) (int, map[string]any) {
	k.t.Helper()
	req, err := http.NewRequestWithContext(k.t.Context(), method, k.url+path, strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	req.SetBasicAuth(login, password)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	var v map[string]any
	if len(text) > 0 && json.Unmarshal(text, &v) != nil {
		k.t.Logf("%s %s: %s", method, path, text)
	}
	return res.StatusCode, v
}

// add puts a job into the queue and gives its uuid.
func (k *client) add(tasks string) string {
	k.t.Helper()
	k.jobs++
	uuid := fmt.Sprintf("job-%d", k.jobs)
	status, answer := k.do("POST", "/api/v2/requests", `{"uuid":"`+uuid+`","request":[`+tasks+`]}`)
	if status != 201 || answer["uuid"] != uuid {
		k.t.Fatalf("%s: HTTP %d %v", tasks, status, answer)
	}
	return uuid
}

// results waits for the end of a job.
func (k *client) results(uuid string) []map[string]any {
	k.t.Helper()
	for range 2000 {
		status, answer := k.do("GET", "/api/v2/requests/"+uuid, "")
		if status != 200 {
			k.t.Fatalf("%s: HTTP %d %v", uuid, status, answer)
		}
		var list []map[string]any
		ended := true
		for _, one := range answer["results"].([]any) {
			r := one.(map[string]any)
			ended = ended && r["status"] != "wait" && r["status"] != "inProgress" && r["status"] != "blocked"
			list = append(list, r)
		}
		if ended {
			return list
		}
		time.Sleep(time.Millisecond)
	}
	k.t.Fatalf("%s has come to no end", uuid)
	return nil
}

// runs has one task done, and gives its result.
func (k *client) runs(task string) map[string]any {
	k.t.Helper()
	r := k.results(k.add(task))[0]
	if r["status"] != "ready" {
		k.t.Fatalf("%s: %v", task, r)
	}
	result, _ := r["result"].(map[string]any)
	return result
}

// fails has one task refused, and gives the code and the words.
func (k *client) fails(task string) (int, string) {
	k.t.Helper()
	r := k.results(k.add(task))[0]
	if r["status"] != "error" {
		k.t.Errorf("%s: %v", task, r)
		return 0, ""
	}
	e := r["error"].(map[string]any)
	return int(e["code"].(float64)), e["description"].(string)
}

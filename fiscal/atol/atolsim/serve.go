package atolsim

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"kassa/fiscal/fnsim"
)

// maxBody is far above any job: a document has at most 32 KB.
const maxBody = 1 << 20

// Methods are the names by which faults know the service's requests. A question is known by its name: "queryFnStatus".
const (
	AddRequest    = "addRequest"
	GetRequest    = "getRequest"
	DeleteRequest = "deleteRequest"
)

// Handler serves the service under /api/v2/ and the controls under /control/.
func (s *Server) Handler() http.Handler {
	api := http.NewServeMux()
	for _, path := range []string{"requests", "request"} { // the second is what old clients ask
		api.HandleFunc("POST /api/v2/"+path, s.addRequest)
		api.HandleFunc("GET /api/v2/"+path+"/{uuid}", s.getRequest)
		api.HandleFunc("DELETE /api/v2/"+path+"/{uuid}", s.deleteRequest)
	}
	api.HandleFunc("GET /api/v2/getRequestsQueueStatus", s.getQueueStatus)
	api.HandleFunc("POST /api/v2/operations/{query}", s.operation)
	api.HandleFunc("GET /api/v2/serverInfo", s.serverInfo)
	api.HandleFunc("GET /api/v2/settings", s.getSettings)
	api.HandleFunc("PUT /api/v2/settings", s.putSettings)
	api.HandleFunc("POST /api/v2/activateDevice", s.activate(true))
	api.HandleFunc("POST /api/v2/deactivateDevice", s.activate(false))
	mux := http.NewServeMux()
	mux.Handle("/api/v2/", s.living(fnsim.Wire(s.device.Faults, methodOf, s.guarded(api))))
	fnsim.AddControls(mux, s.device)
	s.addControls(mux)
	return mux
}

// methodOf names a request for the faults.
func methodOf(r *http.Request) string {
	path := strings.TrimPrefix(r.URL.Path, "/api/v2/")
	first, rest, _ := strings.Cut(path, "/")
	switch {
	case first == "operations":
		return rest
	case first != "requests" && first != "request":
		return first
	case r.Method == http.MethodPost:
		return AddRequest
	case r.Method == http.MethodDelete:
		return DeleteRequest
	}
	return GetRequest
}

// living answers nothing while the program is dead.
func (s *Server) living(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		alive := s.alive()
		s.mu.Unlock()
		if !alive {
			panic(http.ErrAbortHandler)
		}
		h.ServeHTTP(w, r)
	})
}

// guarded asks for the account, and for the device.
func (s *Server) guarded(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		s.mu.Lock()
		lockout, inactive := s.lockout, s.inactive
		s.mu.Unlock()
		switch id, path := r.URL.Query().Get("deviceID"), strings.TrimPrefix(r.URL.Path, "/api/v2/"); {
		case path == "serverInfo": // open to everyone
		case lockout:
			refuse(w, http.StatusUnauthorized, 505, "IP address was changed less than a day ago")
			return
		case !s.known(r):
			w.Header().Set("WWW-Authenticate", `Basic realm="Web Requests"`)
			refuse(w, http.StatusUnauthorized, 505, "unauthorized")
			return
		case path == "settings":
		case id != "" && id != s.conf.DeviceID:
			refuse(w, http.StatusNotFound, 505, "ККТ не найдена")
			return
		case inactive && path != "activateDevice":
			refuse(w, http.StatusForbidden, 505, "ККТ не активирована")
			return
		}
		h.ServeHTTP(w, r)
	})
}

func (s *Server) known(r *http.Request) bool {
	if s.conf.Login == "" {
		return true
	}
	login, password, _ := r.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(login), []byte(s.conf.Login)) & subtle.ConstantTimeCompare([]byte(password), []byte(s.conf.Password))
	return same == 1
}

// addRequest is POST /api/v2/requests.
func (s *Server) addRequest(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, 501, "Задание слишком велико")
		return
	}
	j, err := readJob(body)
	if err != nil {
		refuseTask(w, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purge()
	if s.jobs[j.uuid] != nil {
		refuse(w, http.StatusConflict, 501, "Задание с таким uuid уже существует")
		return
	}
	if s.settings.ValidateRequestsOnAdd {
		if s.occupied() {
			refuse(w, http.StatusRequestTimeout, 3, "Драйвер занят")
			return
		}
		for _, t := range j.tasks {
			if _, _, err := s.readTask(t.task); err != nil {
				refuseTask(w, err)
				return
			}
		}
	}
	j.added = s.clock()
	reply(w, http.StatusCreated, s.add(j))
}

// occupied tells whether the driver is busy this time. The lock is held.
func (s *Server) occupied() bool {
	if s.busy == 0 {
		return false
	}
	s.busy--
	return true
}

// getRequest is GET /api/v2/requests/{uuid}.
func (s *Server) getRequest(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.purge()
	j := s.jobs[r.PathValue("uuid")]
	if j == nil {
		refuse(w, http.StatusNotFound, 505, "Задание не найдено")
		return
	}
	reply(w, http.StatusOK, j.results())
}

// deleteRequest is DELETE /api/v2/requests/{uuid}.
func (s *Server) deleteRequest(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := s.jobs[r.PathValue("uuid")]
	switch {
	case j == nil:
		refuse(w, http.StatusNotFound, 505, "Задание не найдено")
		return
	case j.tasks[0].status != waiting:
		refuse(w, http.StatusConflict, 505, "Задание уже выполняется или выполнено")
		return
	}
	for _, t := range j.tasks {
		t.status = canceled
	}
	j.ends = s.clock()
	w.WriteHeader(http.StatusOK)
}

func (s *Server) getQueueStatus(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, http.StatusOK, s.queueStatus())
}

// operation is POST /api/v2/operations/query….
func (s *Server) operation(w http.ResponseWriter, r *http.Request) {
	ask, known := questions[r.PathValue("query")]
	if !known {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	occupied := s.occupied()
	s.mu.Unlock()
	if occupied {
		refuse(w, http.StatusRequestTimeout, 3, "Драйвер занят")
		return
	}
	st, err := s.device.Status()
	var answer any
	if err == nil {
		answer, err = ask(st, r.URL.Query())
	}
	var code *fnsim.Error
	switch {
	case errors.As(err, &code):
		refuse(w, statusFailed, int(code.Code), wordsOf(code))
	case err != nil:
		refuseTask(w, err)
	default:
		reply(w, http.StatusOK, answer)
	}
}

// statusFailed is the service's own: a job's format is wrong, or a question failed.
const statusFailed = 420

func (s *Server) serverInfo(w http.ResponseWriter, _ *http.Request) {
	driver := "10.10.9.0"
	if s.conf.Setup.NoVAT22 {
		driver = "10.10.7.0"
	}
	reply(w, http.StatusOK, map[string]any{"serverVersion": "1.0.4.0", "driverVersion": driver, "os": "linux-x64",
		"currentDateTime": s.clock().Format(time.RFC3339)})
}

func (s *Server) getSettings(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply(w, http.StatusOK, s.settings)
}

func (s *Server) putSettings(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.settings
	if err := json.NewDecoder(r.Body).Decode(&next); err != nil || next.DeleteRequestsAfter < 0 {
		refuse(w, http.StatusBadRequest, 501, "Неверные настройки")
		return
	}
	s.settings = next
	s.nudge()
	w.WriteHeader(http.StatusOK)
}

func (s *Server) activate(on bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.inactive = !on
		w.WriteHeader(http.StatusOK)
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func refuse(w http.ResponseWriter, status, code int, words string) {
	reply(w, status, map[string]any{"error": map[string]any{"code": code, "description": words}})
}

func refuseTask(w http.ResponseWriter, err error) {
	var bad invalid
	words := "Ошибка разбора JSON"
	if errors.As(err, &bad) {
		words = bad.words()
	}
	refuse(w, statusFailed, 501, words)
}

package printersim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Control is the practice printer's control panel over HTTP:
//
//	GET    /control/jobs              the jobs as a JSON array of Job
//	GET    /control/jobs/{n}.png      the paper; .txt its text, .bin the bytes
//	GET    /control/faults            what is wrong, as a JSON array
//	POST   /control/faults/{fault}    breaks it: paper-out, paper-low, cover-open, offline, slow, silent, late?ms=N, junk,
//	                                  stuck, busy, unproved, die; with ?bytes=N when so many bytes of a job have come
//	DELETE /control/faults            repairs everything
//	GET    /control/drawer            how often the drawer was opened
//
// It asks for no password and belongs on loopback.
func (p *Printer) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /control/jobs", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, append([]Job{}, p.Jobs()...))
	})
	mux.HandleFunc("GET /control/jobs/{file}", p.serveFile)
	mux.HandleFunc("GET /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, append([]Fault{}, p.Faults()...))
	})
	mux.HandleFunc("POST /control/faults/{fault}", p.breakIt)
	mux.HandleFunc("DELETE /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		p.Repair()
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("GET /control/drawer", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, p.Kicks()) })
	return mux
}

func (p *Printer) serveFile(w http.ResponseWriter, r *http.Request) {
	name, ext, _ := strings.Cut(r.PathValue("file"), ".")
	types := map[string]string{"png": "image/png", "txt": "text/plain; charset=utf-8", "bin": "application/octet-stream"}
	number, err := strconv.Atoi(name)
	if err != nil || number < 1 || types[ext] == "" {
		http.NotFound(w, r)
		return
	}
	data, err := os.ReadFile(p.file(number, ext))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", types[ext])
	_, _ = w.Write(data) // the reader has gone
}

func (p *Printer) breakIt(w http.ResponseWriter, r *http.Request) {
	fault := Fault(r.PathValue("fault"))
	numbers := map[string]int{"bytes": -1, "ms": -1}
	for name := range numbers {
		text := r.URL.Query().Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > maxNumber {
			http.Error(w, fmt.Sprintf("%s=%q is not a number", name, text), http.StatusBadRequest)
			return
		}
		numbers[name] = n
	}
	var err error
	switch {
	case numbers["bytes"] >= 0:
		err = p.BreakAt(fault, numbers["bytes"])
	case fault == Late && numbers["ms"] >= 0:
		p.AnswerAfter(time.Duration(numbers["ms"]) * time.Millisecond)
	default:
		err = p.Break(fault)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// maxNumber bounds a fault's bytes and milliseconds.
const maxNumber = 1 << 24

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the reader has gone
}

package printersim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

// Control is the practice printer's control panel over HTTP:
//
//	GET    /control/jobs              the jobs as a JSON array of Job
//	GET    /control/jobs/{n}.png      the paper; .txt its text, .bin the bytes
//	GET    /control/faults            what is wrong, as a JSON array
//	POST   /control/faults/{fault}    breaks it: paper-out, paper-low, cover-open, offline, slow, silent, die?bytes=N
//	DELETE /control/faults            repairs everything
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
	if text := r.URL.Query().Get("bytes"); fault == Die && text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			http.Error(w, fmt.Sprintf("bytes=%q is not a number of bytes", text), http.StatusBadRequest)
			return
		}
		p.DieAfter(n)
	} else if err := p.Break(fault); err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // the reader has gone
}

package fnsim

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// maxPlan is far above any fault that is described in JSON.
const maxPlan = 64 << 10

// AddControls puts the device's controls into a simulator's mux. They speak JSON, and answer with the device's state where
// nothing else is said:
//
//	GET    /control/state               how the device is, whether it is off or not
//	GET    /control/documents           the documents of the fiscal storage; ?after=NUMBER for those behind one
//	GET    /control/documents/{number}  one of them
//	GET    /control/tape                what was printed, as text
//	POST   /control/paper?in=false      the paper is out; in=true puts it in
//	POST   /control/cover?open=true     opens the cover, or closes it
//	POST   /control/power?on=false      switches the device off, or on
//	POST   /control/ofd?on=false        cuts the tax data operator off, or connects it
//	POST   /control/clock?ahead=1h      how far the device's clock is ahead of the true time
//	POST   /control/fn?in=false         takes the fiscal storage out, or puts it in
//	POST   /control/fn?replace=NUMBER   puts a new one in
//	POST   /control/fn?until=TIME       when its keys end, RFC 3339
//	POST   /control/fn?capacity=N       how many documents it holds
//	POST   /control/resume              prints what was not printed to its end
//	GET    /control/faults              every fault that waits, and all that there are
//	POST   /control/faults/{name}       makes a fault happen; times, on, code and delay as parameters
//	POST   /control/faults              the same from {"name":…,"times":…,"on":…,"code":…,"delay":…}
//	DELETE /control/faults              everything works again
//
// A fault happens once, or as often as times says; times=0 lasts until DELETE. on narrows it to one kind of document, or
// to one method of the simulator.
func AddControls(mux *http.ServeMux, d *Device) {
	act := func(path string, do func(q url.Values) error) {
		mux.HandleFunc("POST /control/"+path, func(w http.ResponseWriter, r *http.Request) {
			if err := do(r.URL.Query()); err != nil {
				refused(w, err)
				return
			}
			reply(w, http.StatusOK, d.Look())
		})
	}
	onOff := func(path, name string, set func(bool)) {
		act(path, func(q url.Values) error {
			v, err := strconv.ParseBool(q.Get(name))
			if err != nil {
				return fmt.Errorf("fnsim: %s must be true or false", name)
			}
			set(v)
			return nil
		})
	}
	onOff("paper", "in", d.SetPaper)
	onOff("cover", "open", d.SetCover)
	onOff("power", "on", d.SetPower)
	onOff("ofd", "on", d.SetOFD)
	act("clock", func(q url.Values) error {
		ahead, err := time.ParseDuration(q.Get("ahead"))
		if err == nil {
			d.SetSkew(ahead)
		}
		return err
	})
	act("fn", d.controlFN)
	act("resume", func(url.Values) error { return d.Resume() })
	mux.HandleFunc("GET /control/state", func(w http.ResponseWriter, _ *http.Request) { reply(w, http.StatusOK, d.Look()) })
	mux.HandleFunc("GET /control/tape", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(d.Tape()))
	})
	addDocumentControls(mux, d)
	addFaultControls(mux, d.Faults)
}

func (d *Device) controlFN(q url.Values) error {
	switch {
	case q.Has("in"):
		in, err := strconv.ParseBool(q.Get("in"))
		if err == nil {
			d.SetFN(in)
		}
		return err
	case q.Has("replace"):
		return d.ReplaceFN(q.Get("replace"))
	case q.Has("until"):
		until, err := time.Parse(time.RFC3339, q.Get("until"))
		if err == nil {
			d.SetUntil(until)
		}
		return err
	case q.Has("capacity"):
		n, err := strconv.ParseInt(q.Get("capacity"), 10, 64)
		if err == nil {
			d.SetCapacity(n)
		}
		return err
	}
	return errors.New("fnsim: in, replace, until or capacity")
}

func addDocumentControls(mux *http.ServeMux, d *Device) {
	mux.HandleFunc("GET /control/documents", func(w http.ResponseWriter, r *http.Request) {
		after, _ := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
		all := d.Records()
		reply(w, http.StatusOK, all[min(max(after, 0), int64(len(all))):])
	})
	mux.HandleFunc("GET /control/documents/{number}", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.ParseInt(r.PathValue("number"), 10, 64)
		all := d.Records()
		if n < 1 || n > int64(len(all)) {
			refused(w, refuse(FNNoData, "%d", n))
			return
		}
		reply(w, http.StatusOK, all[n-1])
	})
}

func addFaultControls(mux *http.ServeMux, f *Faults) {
	list := func(w http.ResponseWriter) {
		reply(w, http.StatusOK, map[string]any{"waiting": f.Waiting(), "known": KnownFaults()})
	}
	take := func(w http.ResponseWriter, p Plan, err error) {
		if err == nil {
			err = f.Break(p)
		}
		if err != nil {
			refused(w, err)
			return
		}
		list(w)
	}
	mux.HandleFunc("GET /control/faults", func(w http.ResponseWriter, _ *http.Request) { list(w) })
	mux.HandleFunc("POST /control/faults", func(w http.ResponseWriter, r *http.Request) {
		p := Plan{Times: 1}
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPlan))
		d.DisallowUnknownFields()
		err := d.Decode(&p)
		take(w, p, err)
	})
	mux.HandleFunc("POST /control/faults/{name}", func(w http.ResponseWriter, r *http.Request) {
		p, err := planOf(r)
		take(w, p, err)
	})
	mux.HandleFunc("DELETE /control/faults", func(w http.ResponseWriter, _ *http.Request) {
		f.Mend()
		list(w)
	})
}

// planOf reads a fault from the path and the parameters of a request.
func planOf(r *http.Request) (Plan, error) {
	q := r.URL.Query()
	p := Plan{Name: Fault(r.PathValue("name")), Times: 1, On: q.Get("on")}
	for name, set := range map[string]func(int){
		"times": func(n int) { p.Times = n },
		"code":  func(n int) { p.Code = Code(n) },
	} {
		if text := q.Get(name); text != "" {
			n, err := strconv.ParseInt(text, 10, 32)
			if err != nil {
				return Plan{}, fmt.Errorf("fnsim: %s must be a whole number", name)
			}
			set(int(n))
		}
	}
	if text := q.Get("delay"); text != "" {
		var err error
		if p.Delay, err = time.ParseDuration(text); err != nil {
			return Plan{}, fmt.Errorf("fnsim: delay: %w", err)
		}
	}
	return p, nil
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false) // QR codes hold ampersands, and people look at them here
	_ = e.Encode(v)
}

func refused(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	switch {
	case errors.Is(err, ErrNoFault), CodeOf(err) == FNNoData:
		status = http.StatusNotFound
	case CodeOf(err) != 0:
		status = http.StatusConflict
	}
	reply(w, status, map[string]any{"error": err.Error(), "code": CodeOf(err)})
}

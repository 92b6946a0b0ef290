package atolsim

import (
	"fmt"
	"slices"
	"time"

	"kassa/fiscal/fnsim"
)

// The states of a task.
const (
	waiting     = "wait"
	inProgress  = "inProgress"
	ready       = "ready"
	failed      = "error"
	interrupted = "interrupted"
	blocked     = "blocked"
	canceled    = "canceled"
)

// job is one job of the queue.
type job struct {
	uuid     string
	callback string
	added    time.Time
	ends     time.Time // when it ended
	tasks    []*step
}

// step is one task of a job, and what became of it.
type step struct {
	task   map[string]any
	status string
	code   fnsim.Code
	words  string
	result any // nil: null

	doc    *fnsim.Document // of a task that makes a document, once it began
	before fnsim.Status    // how the device stood then
	until  time.Time       // of a blocked one: when the device is asked
}

func (j *job) ended() bool { return j.current() == nil }

// current is the task that the job is at; nil when it has ended.
func (j *job) current() *step {
	for _, t := range j.tasks {
		if t.status == waiting || t.status == inProgress || t.status == blocked {
			return t
		}
	}
	return nil
}

// interrupt is what a restart does to a job under way: a document that was begun is asked after at once.
func (j *job) interrupt() {
	switch t := j.current(); {
	case t == nil || t.status == waiting:
	case t.doc == nil:
		t.status = waiting
	case t.status == inProgress:
		t.block(fnsim.LinkLost, "Связь потеряна", time.Time{})
	default:
		t.until = time.Time{}
	}
}

func (t *step) block(code fnsim.Code, words string, until time.Time) {
	t.status, t.code, t.words, t.until = blocked, code, words, until
}

// end ends the task that the job is at. After a failure nothing else of the job is run.
func (j *job) end(t *step, status string, code fnsim.Code, words string, result any) {
	t.status, t.code, t.words, t.result = status, code, words, result
	if status == ready {
		t.code, t.words = 0, "Ошибок нет"
		return
	}
	for _, rest := range j.tasks {
		if rest.status == waiting {
			rest.status, rest.code, rest.words = interrupted, 502, "Выполнение прервано из-за предыдущих ошибок"
		}
	}
}

// results is what is told of a job.
func (j *job) results() map[string]any {
	list := []any{}
	for _, t := range j.tasks {
		words := t.words
		if words == "" && t.code == 0 {
			words = "Ошибок нет"
		}
		list = append(list, map[string]any{"status": t.status, "error": map[string]any{"code": int(t.code), "description": words}, "result": t.result})
	}
	return map[string]any{"results": list}
}

// add puts a job into the queue. The lock is held.
func (s *Server) add(j *job) map[string]any {
	s.jobs[j.uuid] = j
	s.queue = append(s.queue, j)
	s.nudge()
	q := s.queueStatus()
	return map[string]any{"number": q["number"], "uuid": j.uuid, "isBlocked": q["isBlocked"], "blockedUUID": q["blockedUUID"]}
}

// forget drops jobs. The lock is held.
func (s *Server) forget(which func(*job) bool) {
	s.queue = slices.DeleteFunc(s.queue, func(j *job) bool {
		if !which(j) {
			return false
		}
		delete(s.jobs, j.uuid)
		return true
	})
}

// purge drops the jobs whose results are too old. The lock is held.
func (s *Server) purge() {
	life := time.Duration(s.settings.DeleteRequestsAfter) * time.Minute
	now := s.clock()
	s.forget(func(j *job) bool { return j.ended() && !j.ends.IsZero() && now.Sub(j.ends) >= life })
}

// queueStatus is the answer to getRequestsQueueStatus. The lock is held.
func (s *Server) queueStatus() map[string]any {
	var unfinished, gone, done int
	reason, uuid := "", ""
	for _, j := range s.queue {
		switch t := j.current(); {
		case t == nil && j.tasks[0].status == canceled:
			gone++
		case t == nil:
			done++
		default:
			unfinished++
			if t.status == blocked && uuid == "" {
				uuid, reason = j.uuid, reasonOf(t.code)
			}
		}
	}
	return map[string]any{"number": unfinished, "canceled": gone, "ready": done, "isBlocked": uuid != "", "blockReason": reason, "blockedUUID": uuid}
}

// reasonOf tells why the queue stands still.
func reasonOf(c fnsim.Code) string {
	if c == fnsim.NoPaper || c == fnsim.CoverOpen || c == fnsim.ReportBlocks {
		return "paperError"
	}
	return "connectionError"
}

// invalid is a task that the scripts do not take: error 501, with the name of the field.
type invalid struct{ field, why string }

func (e invalid) Error() string { return fmt.Sprintf("atolsim: %s: %s", e.field, e.why) }

func (e invalid) words() string { return fmt.Sprintf("Поле %q: %s", e.field, e.why) }

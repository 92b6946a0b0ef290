package stream

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"kassa/printer"
)

// pipe is a line without buffers.
type pipe struct{ net.Conn }

func (p pipe) Finish() error { return p.Close() }

// FuzzAnswers lets a printer answer the first question with anything and hang up.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte{0x12, 0x12, 0x12})
	f.Add([]byte{0x1A, 0x32, 0x7E})
	f.Add([]byte{0x10, 0x00, 0x00, 0x00, 0x12, 0x11, 0x52, 0x1E})
	f.Add([]byte("HTTP/1.1 400 Bad Request\r\nServer: something that is no printer at all\r\n"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, answers []byte) {
		here, there := net.Pipe()
		defer func() { _ = here.Close() }()
		asked := make(chan struct{})
		go func() {
			_, _ = io.ReadFull(there, make([]byte, 3))
			close(asked)
			_, _ = io.Copy(io.Discard, there)
		}()
		go func() {
			<-asked
			_, _ = there.Write(answers)
			_ = there.Close()
		}()
		p := New(Options{Name: "printer", Open: func(context.Context) (Line, error) { return pipe{here}, nil }, Timeouts: Timeouts{Answer: time.Minute}})
		got, err := p.Status(t.Context())
		var valid []byte
		for _, b := range answers {
			if isAnswer(b) {
				valid = append(valid, b)
			}
		}
		switch {
		case err != nil:
			if !errors.Is(err, printer.ErrUnreachable) || got != (printer.Status{}) {
				t.Fatalf("%+v: %v", got, err)
			}
		case got.Silent:
			if got != (printer.Status{Silent: true}) || len(answers) < maxJunk {
				t.Fatalf("%x: %+v", answers, got)
			}
		case len(valid) == 0:
			t.Fatalf("%x: %+v, with no answer among them", answers, got)
		case len(answers) < maxJunk && len(valid) < 3:
			t.Fatalf("%x: %+v, with %d answers", answers, got, len(valid))
		case got.Offline != (valid[0]&0x08 != 0):
			t.Fatalf("%x: %+v", answers, got)
		}
	})
}

// FuzzProof lets a printer say anything after a job: it is believed only with the whole answer to this job's question.
func FuzzProof(f *testing.F) {
	id := printer.NewProcessID(1)
	f.Add(id.Answer())
	f.Add(append([]byte{0x12, 0x37, 0x22}, id.Answer()...))
	f.Add(id.Answer()[:6])
	f.Add(printer.NewProcessID(2).Answer())
	f.Fuzz(func(t *testing.T, said []byte) {
		here, there := net.Pipe()
		defer func() { _ = here.Close() }()
		go func() {
			for range 3 {
				_, _ = io.ReadFull(there, make([]byte, 3))
				_, _ = there.Write([]byte{0x12})
			}
			_, _ = io.ReadFull(there, make([]byte, len("job")+len(id.Ask())))
			_, _ = there.Write(said)
			_ = there.Close()
		}()
		p := New(Options{Name: "printer", Open: func(context.Context) (Line, error) { return pipe{here}, nil }, Timeouts: Timeouts{Answer: time.Minute, Stall: time.Minute}})
		sent, confirmed, err := p.SendConfirmed(t.Context(), []byte("job"), id)
		whole := false
		for i := range said {
			whole = whole || len(said)-i >= 7 && [7]byte(said[i:i+7]) == [7]byte(id.Answer())
		}
		if confirmed != whole || sent != 3 || confirmed && err != nil || !confirmed && err == nil {
			t.Fatalf("%x: sent %d, confirmed %v, %v", said, sent, confirmed, err)
		}
	})
}

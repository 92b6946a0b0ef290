package tcp

import (
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"kassa/printer"
)

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
		p := New("printer", Timeouts{Answer: time.Minute})
		got, err := p.ask(t.Context(), here)
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

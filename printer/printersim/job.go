package printersim

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"time"
)

// Job is what the printer remembers of one job. Its bytes, text and picture are in the files 0001.bin, 0001.txt and
// 0001.png of the printer's folder.
type Job struct {
	Number    int       `json:"number"`
	At        time.Time `json:"at"`
	Bytes     int       `json:"bytes"`
	Text      string    `json:"text"`
	Lines     int       `json:"lines"`
	Widest    int       `json:"widest"`       // columns of the widest line
	QR        []string  `json:"qr,omitempty"` // contents of the codes that the printer drew itself
	Barcodes  []string  `json:"barcodes,omitempty"`
	Pictures  int       `json:"pictures"`
	Cuts      int       `json:"cuts"`
	Drawer    int       `json:"drawer"` // kicks
	Beeps     int       `json:"beeps,omitempty"`
	Unknown   int       `json:"unknown"`   // bytes that were not understood
	RealTime  int       `json:"real_time"` // real-time commands inside other data
	Truncated bool      `json:"truncated"` // longer than the printer keeps
	Broken    bool      `json:"broken"`    // the connection broke before the job's end
	Failure   string    `json:"failure,omitempty"`
}

// record numbers a job and keeps it, in files first, so that whoever learns of the job finds them.
func (p *Printer) record(raw []byte, paper Paper, broken bool) {
	p.drawing.Lock()
	defer p.drawing.Unlock()
	p.mu.Lock()
	number := p.last + 1
	p.mu.Unlock()

	paper.Columns, paper.Dots = p.columns, p.dots
	job := Job{
		Number: number, At: p.clock().UTC(), Bytes: len(raw), Text: paper.Text(), Lines: len(paper.Lines()),
		Widest: paper.Widest(), QR: paper.QR, Barcodes: paper.Barcodes, Pictures: len(paper.Pictures()), Cuts: paper.Cuts, Drawer: paper.Drawer, Beeps: paper.Beeps,
		Unknown: paper.Ignored, RealTime: paper.RealTime, Truncated: paper.Truncated, Broken: broken,
	}
	if err := p.keep(number, raw, paper); err != nil {
		job.Failure = err.Error()
	}
	p.change(func() {
		p.last = number
		p.printed++
		p.jobs = append(p.jobs, job)
		if len(p.jobs) > keptJobs {
			p.jobs = append([]Job(nil), p.jobs[len(p.jobs)-keptJobs:]...)
		}
	})
}

func (p *Printer) keep(number int, raw []byte, paper Paper) error {
	img, err := paper.Image()
	if err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, img); err != nil {
		return fmt.Errorf("drawing job %d: %w", number, err)
	}
	for ext, data := range map[string][]byte{"bin": raw, "txt": []byte(paper.Text()), "png": picture.Bytes()} {
		if err := writeFile(p.file(number, ext), data); err != nil {
			return fmt.Errorf("keeping job %d: %w", number, err)
		}
	}
	return nil
}

func (p *Printer) file(number int, ext string) string {
	return filepath.Join(p.dir, fmt.Sprintf("%04d.%s", number, ext))
}

// writeFile writes a file whole or not at all, for readers that look at any moment.
func writeFile(name string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".job-*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if e := f.Chmod(0o644); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

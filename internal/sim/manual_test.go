package sim_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/sim"
)

// curl runs a line of the manual as curl would, and writes what goes to a file into dir.
func (x *served) curl(dir, line string) (status int, answer string) {
	x.t.Helper()
	method, body, out, path := "GET", "", "", ""
	words := strings.Split(line, " ")
	for n := 0; n < len(words); n++ {
		w := words[n]
		for strings.Count(w, "'") == 1 && n+1 < len(words) { // a quoted word goes on
			n++
			w += " " + words[n]
		}
		w = strings.Trim(w, "'")
		next := func() string {
			n++
			v := words[n]
			for strings.Count(v, "'") == 1 && n+1 < len(words) {
				n++
				v += " " + words[n]
			}
			return strings.Trim(v, "'")
		}
		switch w {
		case "curl":
		case "-X":
			method = next()
		case "-o":
			out = next()
		case "--data", "--data-binary":
			method, body = "POST", next()
		default:
			path = strings.TrimPrefix(w, "http://127.0.0.1:4566")
		}
	}
	if file, ok := strings.CutPrefix(body, "@"); ok {
		b, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			b = must[[]byte](x.t)(os.ReadFile(filepath.Join("../..", file)))
		}
		body = string(b)
	}
	status, answer = x.send(method, path, body)
	if out != "" {
		if err := os.WriteFile(filepath.Join(dir, out), []byte(answer), 0o600); err != nil {
			x.t.Fatal(err)
		}
	}
	return status, answer
}

func TestEveryCurlOfTheManualIsAnswered(t *testing.T) {
	text := must[[]byte](t)(os.ReadFile("../../docs/simulator.md"))
	p := newPlant(t)
	p.service(func(in *ecs.CreateServiceInput) { in.ServiceName = aws.String("web") })
	x, dir, seen := serve(t, &sim.Server{Sim: p.s}), t.TempDir(), 0
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "curl ") {
			continue
		}
		seen++
		if status, answer := x.curl(dir, line); status != 200 {
			t.Errorf("%s: %d %s", line, status, answer)
		}
	}
	if seen < 8 {
		t.Errorf("the manual has %d examples with curl", seen)
	}
}

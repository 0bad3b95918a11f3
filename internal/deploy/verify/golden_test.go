package verify

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/deploy"
	"berth/internal/document"
)

var update = flag.Bool("update", false, "rewrite the expectations of the golden files")

// A golden case is named for its code: a folder's files, the facts as JSON, and what is found. Needs and the timeout may stand in
// order.json.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o, f := read(t, a)
	got := show(o, f)
	i := slices.IndexFunc(a.Files, func(f txtar.File) bool { return f.Name == "found" })
	if i < 0 {
		a.Files, i = append(a.Files, txtar.File{Name: "found"}), len(a.Files)
	}
	if *update {
		a.Files[i].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got != string(a.Files[i].Data) {
		t.Errorf("found:\n%s\nwant:\n%s", got, a.Files[i].Data)
	}
	if code, _, _ := strings.Cut(filepath.Base(path), "."); strings.HasPrefix(code, "DEP") && !strings.Contains(got, "["+code[:6]+"]") {
		t.Errorf("the case is about %s, and does not find it:\n%s", code, got)
	}
}

// show is what is found, as it is read.
func show(o deploy.Order, f Facts) string {
	var b strings.Builder
	all := Check(o, f)
	for _, one := range all {
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", one.Severity, one.At, one.Text, one.Code)
		if one.Fix != "" {
			fmt.Fprintf(&b, "  %s\n", one.Fix)
		}
	}
	if Outage(o, f, all) {
		b.WriteString("it would take tasks away\n")
	}
	return b.String()
}

// read makes an order and facts of an archive.
func read(t *testing.T, a *txtar.Archive) (deploy.Order, Facts) {
	t.Helper()
	o, f := deploy.Order{Cluster: "shop", Service: "web", Policy: deploy.Policy{Timeout: 15 * time.Minute}}, Facts{Region: "eu-west-1"}
	var err error
	for _, file := range a.Files {
		switch file.Name {
		case "taskdef.json":
			o.Definition, err = document.Parse(file.Name, file.Data)
		case "service.json":
			o.Spec, err = document.Parse(file.Name, file.Data)
		case "needs.json":
			err = json.Unmarshal(file.Data, &o.Needs)
		case "facts.json":
			err = json.Unmarshal(file.Data, &f)
		}
		if err != nil {
			t.Fatalf("%s: %v", file.Name, err)
		}
	}
	return o, f
}

func TestEveryCodeHasACaseAndEveryCaseAPage(t *testing.T) {
	for _, code := range Codes() {
		found, err := filepath.Glob("testdata/" + code + "*.txtar")
		if err != nil || len(found) == 0 {
			t.Errorf("%s has no golden case", code)
		}
	}
	files, _ := filepath.Glob("testdata/DEP*.txtar")
	for _, f := range files {
		if _, ok := Explain(filepath.Base(f)[:6]); !ok {
			t.Errorf("%s has no page", f)
		}
	}
	if _, ok := Explain("HA101"); ok || !slices.IsSorted(Codes()) {
		t.Error("a code of others has a page, or the pages are in no order")
	}
}

func TestNothingKnownIsNothingFound(t *testing.T) {
	def, err := document.Parse("taskdef.json", []byte(`{"family": "web", "containerDefinitions": [{"name": "web", "image": "nginx:1", "memory": 64,
		"secrets": [{"name": "A", "valueFrom": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-abcdef"}]}],
		"executionRoleArn": "arn:aws:iam::123456789012:role/ecs/x"}`))
	if err != nil {
		t.Fatal(err)
	}
	spec, err := document.Parse("service.json", []byte(`{"desiredCount": 2, "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}},
		"loadBalancers": [{"targetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/a/1", "containerName": "web", "containerPort": 80}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := Check(deploy.Order{Service: "web", Definition: def, Spec: spec}, Facts{Region: "eu-west-1"}); len(got) > 0 {
		t.Errorf("found %+v", got)
	}
}

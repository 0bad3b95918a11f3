package capture

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"berth/internal/cli/problem"
	"berth/internal/document"
	"berth/internal/live"
)

func TestACaptureComesBackAsItWas(t *testing.T) {
	file := filepath.Join(t.TempDir(), "c.json")
	c := live.Capture{
		Version: live.Version, At: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Subject: live.Subject{Kind: "service", Name: "web"},
		Services: []live.Service{{Name: "web", Spec: document.New("desiredCount", document.Int(2))}},
		Tasks:    []live.Task{{ID: "t", Containers: []live.Container{{Name: "web", Exit: new(0)}}}},
	}
	if err := Save(file, c); err != nil {
		t.Fatal(err)
	}
	if i, err := os.Stat(file); err != nil || i.Mode().Perm() != 0o600 {
		t.Error(i.Mode(), err)
	}
	var there *problem.Problem
	if err := Save(file, c); !errors.As(err, &there) || there.Text != file+" is there already, and a capture overwrites nothing" {
		t.Errorf("it was overwritten: %v", err)
	}
	if got, err := Load(file); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsNoCaptureIsSaidToBeNone(t *testing.T) {
	for _, text := range []string{"", "{}", "[]", `{"version":2}`, `{"version":1,"tasks":{}}`, "instance_type = 1"} {
		file := filepath.Join(t.TempDir(), "c.json")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(file); err == nil {
			t.Errorf("%q is a capture", text)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Error(err)
	}
}

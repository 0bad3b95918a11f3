package notify

import (
	"os"
	"regexp"
	"testing"

	"berth/internal/secret"
)

func TestTheSignatureOfTheGuideIsRight(t *testing.T) {
	page, err := os.ReadFile("../../docs/guide/watching.md")
	if err != nil {
		t.Fatal(err)
	}
	said := regexp.MustCompile(`(?s)key='([^']+)' id='([^']+)' timestamp='([^']+)'\nbody='([^']+)'\n.*?\n# (\S+)\n`).FindStringSubmatch(string(page))
	if said == nil {
		t.Fatal("the guide shows no signature")
	}
	if got := sign(secret.New(said[1]), said[2]+"."+said[3]+".", []byte(said[4])); got != said[5] {
		t.Errorf("%s, and the guide says %s", got, said[5])
	}
}

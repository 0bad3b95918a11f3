package render

import (
	"strings"
	"testing"

	"berth/internal/model"
)

func TestDiagramsNameTheClusterOfTheView(t *testing.T) {
	v := wanted(t, original)
	v.Facts.Scope = model.Scope{}
	for name, got := range map[string]string{"svg": DiagramSVG(v), "mermaid": DiagramMermaid(v), "text": DiagramText(v, Style{})} {
		if !strings.Contains(got, "planned") || !strings.Contains(got, "10.0.50.0/24") || !strings.Contains(got, "acc-acc") || !strings.Contains(got, "eu-west-1") {
			t.Errorf("%s:\n%s", name, got)
		}
	}
	v.stand()
	if got := DiagramSVG(v); strings.Contains(got, "planned") || !strings.Contains(got, "203.0.113.9") {
		t.Errorf("what stands is not drawn as standing:\n%s", got)
	}
}

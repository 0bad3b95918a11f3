package manual

import (
	_ "embed"
	"fmt"
	"strings"

	"berth/internal/sim/ecs/program"
	"berth/internal/sim/scenario"
)

//go:embed simulator.md
var simulator string

// Simulator is docs/simulator.md: what people wrote about the embedded AWS, with tables of what can be said to it.
func Simulator() string {
	var faults, images strings.Builder
	faults.WriteString("| sentence | meaning |\n| --- | --- |\n")
	for _, f := range scenario.Forms() {
		fmt.Fprintf(&faults, "| `%s` | %s |\n", f.Text, f.Meaning)
	}
	images.WriteString("| key | value | the program |\n| --- | --- | --- |\n")
	for _, k := range program.Keys() {
		fmt.Fprintf(&images, "| `%s` | %s | %s |\n", k.Name, k.Value, k.Means)
	}
	from := "<!-- Generated from internal/cli/manual/simulator.md: go generate ./internal/cli -->\n\n"
	return strings.NewReplacer("{{generated}}", from, "{{faults}}", faults.String(), "{{images}}", images.String()).Replace(simulator)
}

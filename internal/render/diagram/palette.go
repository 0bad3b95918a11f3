package diagram

// The colours: one for each kind of traffic, soft ones for areas, dark ones for words.
const (
	colourText    = "#1f2a3c"
	colourFaint   = "#64748b"
	colourRequest = "#2563eb"
	colourOut     = "#d97706"
	colourS3      = "#0f8f7e"
	// The ways through interface endpoints.
	colourPrivateLink = "#be185d"
	colourVPC         = "#7c5cc4"
	colourPublic      = "#2f7d4f"
	colourPrivate     = "#2b6cb0"
	colourCluster     = "#475569"
	colourBar         = "#8b5cf6"
)

const (
	lookPage    look = `fill="#f8fafc" stroke="#dbe3ec"`
	lookRegion  look = `fill="#f1f5f9" stroke="#a9b8ca" stroke-width="1.4" stroke-dasharray="7 5"`
	lookVPC     look = `fill="#ffffff" stroke="#b9a6e3" stroke-width="1.8"`
	lookZone    look = `fill="#f6f8fb" stroke="#b8c4d3" stroke-width="1.2" stroke-dasharray="5 4"`
	lookPublic  look = `fill="#e7f5ec" stroke="#a9d8ba" stroke-width="1.2"`
	lookPrivate look = `fill="#e6f0fb" stroke="#a8cbee" stroke-width="1.2"`
	lookBar     look = `fill="#ffffff" stroke="#b79df3" stroke-width="1.5"`
	lookCluster look = `fill="#ffffff" fill-opacity=".7" stroke="#94a3b8" stroke-width="1.4"`
	lookService look = `fill="#ffffff" stroke="#cbd5e1" stroke-width="1.2"`
	lookRequest look = `stroke="#2563eb" stroke-width="2"`
	lookOut     look = `stroke="#d97706" stroke-width="1.8" stroke-dasharray="6 4"`
	lookS3      look = `stroke="#0f8f7e" stroke-width="1.8" stroke-dasharray="2 4" stroke-linecap="round"`

	lookPrivateLink look = `stroke="#be185d" stroke-width="1.8" stroke-dasharray="2 4" stroke-linecap="round"`
)

// The fonts, by what they say.
//
//nolint:gochecknoglobals // a table
var (
	fontTitle   = font{20, 700, colourText}
	fontHeading = font{13, 600, colourText}
	fontLabel   = font{12, 600, colourText}
	fontPlain   = font{12, 400, colourText}
	fontSmall   = font{11, 400, colourFaint}
)

// shade is the colours of an instance group: of its lines and words, of its area, and of its area's edge.
type shade struct{ strong, soft, edge string }

// shades gives each group its own, in the order of the groups.
func shades(i int) shade {
	table := [...]shade{
		{"#4f46e5", "#eef0ff", "#c7ccfb"},
		{"#be3a7d", "#fdeef6", "#f3c4dd"},
		{"#0e8a9d", "#e6f7fa", "#aee0e8"},
		{"#b45309", "#fdf3e3", "#f2d5a6"},
		{"#4d7c0f", "#f1f7e4", "#cfe3a8"},
		{"#7e5140", "#f7efeb", "#e0cbc1"},
	}
	return table[i%len(table)]
}

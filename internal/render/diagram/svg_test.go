package diagram

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/render/ink"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

func pictures() map[string]Scene {
	planned := zoned(2)
	planned.Planned = true
	planned.Groups[0].Instances = map[string]int{"eu-west-1a": 1}
	for i := range planned.Zones {
		planned.Zones[i].Address = ""
	}
	six := zoned(6)
	six.Cluster, six.Environment = "a-cluster-with-quite-a-long-name", "production"
	six.Groups = append(six.Groups, shop().Groups[1:]...)
	six.Groups[1].Instances["eu-west-1f"] = 2
	none := zoned(0)
	none.Groups, none.Balancers, none.S3 = nil, nil, false
	internal := zoned(2)
	internal.Balancers[0].Internal = true
	long := zoned(2)
	long.Cluster, long.Environment = "Wide-MMMMMMMMMMMM-WWWWWWWWWWWWWW", "an-environment-with-a-long-name"
	long.Balancers[0].Name = "an-environment-with-a-l-0f3c9a77"
	long.Groups[0].Types = []string{"m7i-flex.12xlarge", "m7a.12xlarge", "m6i.12xlarge", "m6a.12xlarge", "c7i.12xlarge"}
	long.Groups[0].Name = "a-group-with-quite-a-long-name__"
	long.Zones[1].Address = ""
	lodged := zoned(3)
	lodged.VPC, lodged.Existing = "10.9.0.0/16, 100.64.0.0/16", "vpc-0123456789abcdef0"
	for i := range lodged.Zones {
		z := &lodged.Zones[i]
		z.NAT, z.Address, z.Exit, z.Out = false, "", "", "nat-0123456789abcdef0"
	}
	lodged.Zones[2].Out = "tgw-0123456789abcdef0"
	closed := zoned(2)
	closed.Interfaces = []string{"ec2", "ec2messages", "ecr.api", "ecr.dkr", "ecs", "ecs-agent", "ecs-telemetry", "kms", "logs"}
	for i := range closed.Zones {
		z := &closed.Zones[i]
		z.NAT, z.Address, z.Exit = false, "", ""
	}
	endpoints := zoned(2)
	endpoints.DynamoDB, endpoints.Interfaces, endpoints.FlowLog = true, []string{"bedrock-runtime", "sqs"}, "CloudWatch Logs"
	return map[string]Scene{
		"closed":     closed,
		"endpoints":  endpoints,
		"existing":   lodged,
		"long-names": long,
		"planned":    planned, "one-zone": zoned(1), "two-zones": zoned(2), "three-zones": shop(), "six-zones": six, "no-zones": none, "internal": internal,
	}
}

func TestPicturesAreAsDrawnBefore(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) { golden(t, name+".svg", SVG(s)) })
	}
}

func TestChartsAreAsDrawnBefore(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) { golden(t, name+".mmd", Mermaid(s)) })
	}
}

func TestLinesAreAsDrawnBefore(t *testing.T) {
	for name, s := range pictures() {
		t.Run(name, func(t *testing.T) { golden(t, name+".txt", Lines(s, ink.Style{})) })
	}
}

func TestPictureIsTheSameEveryTime(t *testing.T) {
	again := pictures()
	for name, s := range pictures() {
		if SVG(s) != SVG(again[name]) || Mermaid(s) != Mermaid(again[name]) {
			t.Errorf("%s changes by itself", name)
		}
	}
}

// hostile replaces every name in the scene.
func hostile(s Scene, text string) Scene {
	s.Environment, s.Cluster, s.Region, s.Account, s.VPC, s.Insights = text, text, text, text, text, text
	for i := range s.Zones {
		z := &s.Zones[i]
		z.ID, z.Public, z.Private, z.Address = text, text, text, text
	}
	for i := range s.Balancers {
		s.Balancers[i].Name, s.Balancers[i].Ports = text, text
	}
	for i := range s.Groups {
		s.Groups[i].Name, s.Groups[i].Types, s.Groups[i].Provider = text, []string{text}, text
	}
	return s
}

// parse reads a picture as a browser would, and gives its texts and how many elements it has.
func parse(t interface{ Fatalf(string, ...any) }, svg string) (text string, elements int) {
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return text, elements
		}
		if err != nil {
			t.Fatalf("%v in:\n%s", err, svg)
		}
		switch token := token.(type) {
		case xml.StartElement:
			elements++
		case xml.CharData:
			text += string(token)
		}
	}
}

func TestSafetyNoNameBreaksThePicture(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
			`"/><script>alert(1)</script>`, "]]>", "&amp;", "\x00\x1b[31m", "\uffff", "'", "<!--", "\xff",
		})).Draw(t, "text")
		_, plain := parse(t, SVG(hostile(shop(), "x")))
		_, elements := parse(t, SVG(hostile(shop(), text)))
		if elements > plain {
			t.Fatalf("%d elements, want at most %d", elements, plain)
		}
	})
}

func TestNamesAreWrittenAsTheyAre(t *testing.T) {
	s := zoned(1)
	s.Balancers[0].Name = `<b> & "c"`
	if text, _ := parse(t, SVG(s)); !strings.Contains(text, `<b> & "c"`) {
		t.Error("the picture does not name its load balancer")
	}
	if chart := Mermaid(s); !strings.Contains(chart, `#lt;b#gt; #amp; #quot;c#quot;`) {
		t.Errorf("chart:\n%s", chart)
	}
}

func (b box) holds(inner box) bool {
	return inner.x >= b.x && inner.y >= b.y && inner.right() <= b.right() && inner.bottom() <= b.bottom()
}

func (b box) meets(other box) bool {
	return b.x < other.right() && other.x < b.right() && b.y < other.bottom() && other.y < b.bottom()
}

// drawn is a scene of any size.
func drawn(t *rapid.T) Scene {
	s := zoned(rapid.IntRange(0, 8).Draw(t, "zones"))
	s.S3 = rapid.Bool().Draw(t, "s3")
	s.Balancers = nil
	for range rapid.IntRange(0, 5).Draw(t, "balancers") {
		s.Balancers = append(s.Balancers, Balancer{Name: "b", Internal: rapid.Bool().Draw(t, "internal")})
	}
	for range rapid.IntRange(0, 4).Draw(t, "groups") {
		s.Groups = append(s.Groups, s.Groups[0])
	}
	return s
}

func TestSafetyNothingOverlapsAndAllIsOnThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := arrange(drawn(t))
		apart := append(append(append([]box{l.cluster}, l.publicBars...), l.privateBars...), l.services[:]...)
		for i, b := range apart {
			if !l.region.holds(b) {
				t.Fatalf("%v is outside the region %v", b, l.region)
			}
			if slices.ContainsFunc(apart[:i], b.meets) {
				t.Fatalf("%v meets one of %v", b, apart[:i])
			}
		}
		for _, lane := range l.lanes {
			if !l.cluster.holds(lane) {
				t.Fatalf("lane %v is outside the cluster %v", lane, l.cluster)
			}
		}
		page := box{0, 0, l.width, l.height}
		if !page.holds(l.region) || !l.region.holds(l.vpc) || l.legend > l.height-10 {
			t.Fatalf("page %v, region %v, VPC %v, legend %d", page, l.region, l.vpc, l.legend)
		}
	})
}

func TestSafetySubnetsHoldWhatStandsInThem(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := arrange(drawn(t))
		for _, c := range l.columns {
			if !l.vpc.holds(c.zone) || !c.zone.holds(c.public) || !c.zone.holds(c.private) || c.public.meets(c.private) {
				t.Fatalf("zone %v, public %v, private %v in VPC %v", c.zone, c.public, c.private, l.vpc)
			}
			for _, b := range l.publicBars {
				if b.y < c.public.y || b.bottom() > c.public.bottom() {
					t.Fatalf("%v is not in the public subnet %v", b, c.public)
				}
			}
			for _, b := range append([]box{l.cluster}, l.privateBars...) {
				if b.y < c.private.y || b.bottom() > c.private.bottom() {
					t.Fatalf("%v is not in the private subnet %v", b, c.private)
				}
			}
		}
	})
}

func TestPictureTakesNothingFromElsewhere(t *testing.T) {
	for name, s := range pictures() {
		svg := strings.Replace(SVG(s), `xmlns="http://www.w3.org/2000/svg"`, "", 1)
		for _, word := range []string{"http", "href", "url(", "<image", "<style", "<script", "@import", "<foreignObject"} {
			if strings.Contains(svg, word) {
				t.Errorf("%s holds %q", name, word)
			}
		}
	}
}

func TestTextsAreCutToTheirRoom(t *testing.T) {
	for _, c := range []struct {
		text string
		room int
		want string
	}{{"abc", 100, "abc"}, {"a long text", 40, "a lo…"}, {"abc", 2, ""}, {"", 0, ""}} {
		if got := fontPlain.cut(c.text, c.room); got != c.want {
			t.Errorf("cut(%q, %d) = %q, want %q", c.text, c.room, got, c.want)
		}
	}
}

func TestCornersAreRoundAndArrowsPointAlongTheirLine(t *testing.T) {
	for _, c := range []struct {
		points []point
		want   string
	}{
		{[]point{{0, 0}, {0, 50}}, "M0 0L0 50"},
		{[]point{{0, 0}, {0, 50}, {50, 50}}, "M0 0L0 42Q0 50 8 50L50 50"},
		{[]point{{0, 0}, {0, 6}, {-6, 6}}, "M0 0L0 3Q0 6 -3 6L-6 6"},
	} {
		if got := route(c.points); got != c.want {
			t.Errorf("route(%v) = %s, want %s", c.points, got, c.want)
		}
	}
	c := &canvas{}
	c.arrow(`stroke="x"`, "x", point{0, 0}, point{0, 50})
	if want := `<path d="M0 50L5 41L-5 41Z" fill="x"/>`; !strings.Contains(c.b.String(), want) {
		t.Errorf("got %s, want %s", c.b.String(), want)
	}
}

func TestTheLegendHasWhatThePictureHas(t *testing.T) {
	for name, drawn := range map[string]bool{"two-zones": true, "closed": false, "existing": false} { // unordered: cases
		if got := strings.Contains(SVG(pictures()[name]), "own calls"); got != drawn {
			t.Errorf("%s: the ways out stand in the legend: %t", name, got)
		}
	}
}

func TestNamesAreListedWhole(t *testing.T) {
	names := []string{"ec2", "ecr.api", "ecs-telemetry", "secretsmanager"}
	for most, want := range map[int]string{1000: "ec2, ecr.api, ecs-telemetry, secretsmanager", 140: "ec2, ecr.api and 2 more", 90: "ec2 and 3 more"} { // unordered: cases
		if got := fontSmall.whole(names, most); got != want {
			t.Errorf("in %d: %q, not %q", most, got, want)
		}
	}
}

func TestTheLegendStaysOnThePage(t *testing.T) {
	for name, s := range pictures() { // unordered: cases
		l := arrange(s)
		for _, row := range l.legendRows() {
			x := margin + 4 - legendGap
			for _, one := range row {
				x += legendGap + one.width()
			}
			if x > l.width-margin {
				t.Errorf("%s: a row of the legend ends at %d, and the page at %d", name, x, l.width)
			}
		}
	}
}

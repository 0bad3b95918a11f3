package diagram

// Distances in pixels, from the outside in.
const (
	margin     = 20 // of the page
	padding    = 20 // of region and VPC
	zoneGap    = 16
	zonePad    = 10
	barHeight  = 38
	barStep    = 46
	laneHeight = 84
	laneStep   = 92
)

// layout is where everything stands.
type layout struct {
	s             Scene
	width, height int
	middle        int // of the VPC: the way in
	head          int // baseline of the internet's centre
	region, vpc   box
	bus           int // height of the line that the NAT gateways leave by
	columns       []column
	publicBars    []box // one for each load balancer that faces the internet
	privateBars   []box
	cluster       box
	lanes         []box // one for each group
	harbour       int   // height of the lines that lead to the endpoints
	services      [3]box
	legend        int
}

// column is one zone.
type column struct {
	Zone
	zone, public, private box
	in, out               int // where requests come down, and where instances' own traffic goes up
}

// columnWidth is how wide a zone is drawn: few zones get more room, many must fit on a page.
func columnWidth(zones int) int {
	widths := [...]int{640, 640, 332, 290, 250, 224}
	if zones < len(widths) {
		return widths[zones]
	}
	return 208
}

func arrange(s Scene) *layout {
	l := &layout{s: s}
	n := len(s.Zones)
	inner := max(n, 1)*columnWidth(n) + max(n-1, 0)*zoneGap
	l.region.x, l.vpc.x = margin, margin+padding
	l.vpc.w = inner + 2*padding
	l.region.w = l.vpc.w + 2*padding
	l.width = l.region.w + 2*margin
	l.middle = l.vpc.centre()
	l.top()
	l.zones()
	l.bottom()
	return l
}

// top places the internet beside the title, or below it where the title is too long for that.
func (l *layout) top() {
	l.head = 54
	if margin+fontTitle.width(l.title()) > l.middle-150 || fontPlain.width(l.counts())+margin > l.width-l.middle-80 {
		l.head = 112
	}
	l.region.y = l.head + 56
	l.vpc.y = l.region.y + 56
	l.bus = l.vpc.y + 44
}

func (l *layout) zones() {
	var out, in []Balancer
	for _, b := range l.s.Balancers {
		if b.Internal {
			in = append(in, b)
		} else {
			out = append(out, b)
		}
	}
	w := columnWidth(len(l.s.Zones))
	zoneTop := l.vpc.y + 60
	publicTop := zoneTop + 46
	publicBottom := publicTop + 12 + len(out)*barStep + 84
	privateTop := publicBottom + 26
	clusterTop := privateTop + 52 + len(in)*(barStep+8)
	l.cluster = box{y: clusterTop, h: 40 + max(len(l.s.Groups), 1)*laneStep}
	for i, z := range l.s.Zones {
		c := column{Zone: z}
		c.zone = box{l.vpc.x + padding + i*(w+zoneGap), zoneTop, w, l.cluster.bottom() + 24 - zoneTop}
		c.public = box{c.zone.x + zonePad, publicTop, w - 2*zonePad, publicBottom - publicTop}
		c.private = box{c.public.x, privateTop, c.public.w, l.cluster.bottom() + 12 - privateTop}
		c.in, c.out = c.public.x+24, c.public.right()-28
		l.columns = append(l.columns, c)
	}
	l.cluster.x, l.cluster.w = l.across()
	l.publicBars = l.stack(len(out), publicTop+12, barStep)
	l.privateBars = l.stack(len(in), privateTop+46, barStep+8)
	for i := range l.s.Groups {
		l.lanes = append(l.lanes, box{l.cluster.x + 8, l.cluster.y + 40 + i*laneStep, l.cluster.w - 16, laneHeight})
	}
}

// across is what spans all zones: from the first subnet to the last, a little inside.
func (l *layout) across() (x, w int) {
	if len(l.columns) == 0 {
		return l.vpc.x + padding, l.vpc.w - 2*padding
	}
	first, last := l.columns[0].public, l.columns[len(l.columns)-1].public
	return first.x + 8, last.right() - first.x - 16
}

func (l *layout) stack(n, top, step int) []box {
	x, w := l.across()
	bars := make([]box, n)
	for i := range bars {
		bars[i] = box{x, top + i*step, w, barHeight}
	}
	return bars
}

func (l *layout) bottom() {
	zoneBottom := l.cluster.bottom() + 24
	l.harbour = zoneBottom + 16
	end, gap := zoneBottom+padding, 20
	if l.s.S3 || len(l.s.Interfaces) > 0 {
		end, gap = zoneBottom+50, 44
	}
	if l.s.S3 && len(l.s.Interfaces) > 0 {
		end += streetStep
	}
	l.vpc.h = end - l.vpc.y
	w := (l.vpc.w - 2*zoneGap) / 3
	for i := range l.services {
		l.services[i] = box{l.vpc.x + i*(w+zoneGap), end + gap, w, 64}
	}
	l.region.h = l.services[0].bottom() + padding - l.region.y
	l.legend = l.region.bottom() + 28
	l.height = l.legend + 24 + (len(l.legendRows())-1)*legendStep
}

func (l *layout) bars(internal bool) []box {
	if internal {
		return l.privateBars
	}
	return l.publicBars
}

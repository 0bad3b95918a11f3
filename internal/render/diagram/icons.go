package diagram

import (
	"fmt"
	"strconv"
)

// pen is the look of an icon's strokes.
func pen(colour string, width float64) look {
	return look(fmt.Sprintf(`fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round" stroke-linejoin="round"`,
		colour, strconv.FormatFloat(width, 'f', -1, 64)))
}

func fill(colour string) look { return look(`fill="` + colour + `"`) }

// badge is the white disc that round icons stand on.
func (c *canvas) badge(x, y, r int, colour string) {
	c.circle(x, y, r, look(fmt.Sprintf(`fill="#ffffff" stroke="%s" stroke-width="2"`, colour)))
}

// gatewayIcon is a door that is open both ways; its centre is at x, y.
func (c *canvas) gatewayIcon(x, y int) {
	c.badge(x, y, 21, colourVPC)
	c.path(x, y, "M-6 10V-8M-10 -4L-6 -8L-2 -4M6 -10V8M2 4L6 8L10 4", pen(colourVPC, 2.2))
}

// natIcon is an arrow that leaves a house.
func (c *canvas) natIcon(x, y int) {
	c.badge(x, y, 17, colourOut)
	c.path(x, y, "M-1 -7H-6Q-8 -7 -8 -5V5Q-8 7 -6 7H6Q8 7 8 5V3M-1 1L8 -8M3 -8H8V-3", pen(colourOut, 2))
}

// endpointIcon is a plug on the VPC's wall.
func (c *canvas) endpointIcon(x, y int, colour string) {
	c.badge(x, y, 17, colour)
	c.path(x, y, "M-4 -9V-4M4 -9V-4M-7 -4H7V0Q7 5 0 5Q-7 5 -7 0ZM0 5V9", pen(colour, 2))
}

// balancerIcon is one line that becomes three; its left edge is at x.
func (c *canvas) balancerIcon(x, y int, colour string) {
	c.path(x, y, "M0 0H7M7 0L15 -8H19M7 0H19M7 0L15 8H19", pen(colour, 1.8))
	c.circle(x, y, 3, fill(colour))
	for _, dy := range []int{-8, 0, 8} {
		c.circle(x+21, y+dy, 3, fill(colour))
	}
}

// machineIcon is a server of 30 by 32; x, y is its top left.
func (c *canvas) machineIcon(x, y int, s shade, planned bool) {
	c.rect(box{x, y, 30, 32}, 5, outline(s, planned))
	c.path(x, y, "M3 16H27M15 8H23M15 24H23", pen(s.strong, 1.6))
	c.circle(x+8, y+8, 2, fill(s.strong))
	c.circle(x+8, y+24, 2, fill(s.strong))
}

// outline is a machine's; what is only planned has a broken one.
func outline(s shade, planned bool) look {
	l := look(fmt.Sprintf(`fill="#ffffff" stroke="%s" stroke-width="1.6"`, s.strong))
	if planned {
		l += ` stroke-dasharray="3 2.4"`
	}
	return l
}

// cloudIcon is the internet; x, y is its centre.
func (c *canvas) cloudIcon(x, y int) {
	c.path(x, y, "M-30 22H30C42 22 48 13 45 4C43 -3 37 -7 31 -6C29 -19 15 -26 3 -20C-3 -28 -20 -27 -24 -12C-37 -14 -47 -6 -45 6C-44 16 -38 22 -30 22Z",
		`fill="#ffffff" stroke="#8fa3bb" stroke-width="1.8"`)
}

// usersIcon is two people; x, y is its centre.
func (c *canvas) usersIcon(x, y int) {
	body := look(`fill="#ffffff" stroke="#475569" stroke-width="1.8" stroke-linejoin="round"`)
	c.circle(x+9, y-9, 6, body)
	c.path(x, y, "M-2 14V10C-2 3 3 0 9 0C15 0 20 3 20 10V14Z", body)
	c.circle(x-7, y-7, 7, body)
	c.path(x, y, "M-20 18V14C-20 6 -14 3 -7 3C0 3 6 6 6 14V18Z", body)
}

// clusterIcon is three containers; x, y is its top left, 20 by 20.
func (c *canvas) clusterIcon(x, y int, colour string) {
	c.path(x, y, "M6 1H14V9H6ZM1 11H9V19H1ZM11 11H19V19H11ZM10 1V9M5 11V19M15 11V19", pen(colour, 1.6))
}

// bucketIcon is a bucket; x, y is its top left, 24 by 26.
func (c *canvas) bucketIcon(x, y int) {
	c.path(x, y, "M1 4C1 1 23 1 23 4C23 7 1 7 1 4L4 22C5 26 19 26 20 22L23 4", pen(colourS3, 1.8))
}

// logIcon is a sheet of lines; x, y is its top left, 22 by 26.
func (c *canvas) logIcon(x, y int) {
	c.path(x, y, "M2 1H15L21 7V25H2ZM15 1V7H21M6 12H17M6 16H17M6 20H13", pen(colourCluster, 1.6))
}

// scaleIcon is a group that grows; x, y is its top left, 26 by 26.
func (c *canvas) scaleIcon(x, y int) {
	c.path(x, y, "M8 8H18V18H8ZM5 1H1V5M1 1L6 6M21 1H25V5M25 1L20 6M5 25H1V21M1 25L6 20M21 25H25V21M25 25L20 20", pen(colourCluster, 1.6))
}

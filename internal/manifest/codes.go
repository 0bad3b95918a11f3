package manifest

import (
	_ "embed"
	"slices"
	"strings"
)

// Explanation is the offline help for one fault code.
type Explanation struct {
	Code, Title, Text string
}

// The codes are stable: a number never changes its meaning and is never used again.
const (
	codeSyntax      = "DEP001"
	codeShape       = "DEP002"
	codeUnknown     = "DEP003"
	codeType        = "DEP004"
	codeMissing     = "DEP005"
	codeChoice      = "DEP006"
	codePlaceholder = "DEP007"
	codeUnset       = "DEP008"
	codeReference   = "DEP009"
	codeSet         = "DEP010"
	codeName        = "DEP011"
	codeForeign     = "DEP012"
	codeImage       = "DEP013"
	codeTwice       = "DEP014"
	codeEssential   = "DEP015"
	codeMemory      = "DEP016"
	codeAmount      = "DEP017"
	codeConflict    = "DEP018"
	codePort        = "DEP019"
	codeNetwork     = "DEP020"
	codeOther       = "DEP021"
	codeCycle       = "DEP022"
	codeVolume      = "DEP023"
	codeNotEC2      = "DEP024"
	codeRole        = "DEP025"
	codeRange       = "DEP026"
	codePlain       = "DEP027"
	codeTarget      = "DEP028"
	codeUnmapped    = "DEP029"
	codeClassic     = "DEP030"
	codeBalancer    = "DEP031"
	codeGrace       = "DEP032"
	codeDaemon      = "DEP033"
	codeStrategy    = "DEP034"
	codeConstraint  = "DEP035"
	codeRebalancing = "DEP036"
	codeDeadlock    = "DEP037"
	codeDeployment  = "DEP038"
	codeCapacity    = "DEP039"
	codeLog         = "DEP040"
	codeReserved    = "DEP041"
	codeNever       = "DEP042"
	codeCluster     = "DEP043"
	codeKind        = "DEP044"
	codeCheck       = "DEP045"
)

//go:embed codes.txt
var codesText string // "CODE title: text" in each line

// Codes lists the help for every fault code, in the order of the codes.
func Codes() []Explanation {
	var out []Explanation
	for line := range strings.Lines(codesText) {
		code, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		title, text, _ := strings.Cut(rest, ": ")
		out = append(out, Explanation{Code: code, Title: title, Text: text})
	}
	return out
}

// Explain finds the help for one fault code; false when the code is none of this package.
func Explain(code string) (Explanation, bool) {
	all := Codes()
	if i := slices.IndexFunc(all, func(e Explanation) bool { return e.Code == code }); i >= 0 {
		return all[i], true
	}
	return Explanation{}, false
}

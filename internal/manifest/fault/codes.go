package fault

import (
	_ "embed"

	"berth/internal/pages"
)

// Explanation is the offline help for one fault code.
type Explanation = pages.Explanation

// The codes are stable: a number never changes its meaning and is never used again.
const (
	CodeSyntax      = "DEP001"
	CodeShape       = "DEP002"
	CodeUnknown     = "DEP003"
	CodeType        = "DEP004"
	CodeMissing     = "DEP005"
	CodeChoice      = "DEP006"
	CodePlaceholder = "DEP007"
	CodeUnset       = "DEP008"
	CodeReference   = "DEP009"
	CodeSet         = "DEP010"
	CodeName        = "DEP011"
	CodeForeign     = "DEP012"
	CodeImage       = "DEP013"
	CodeTwice       = "DEP014"
	CodeEssential   = "DEP015"
	CodeMemory      = "DEP016"
	CodeAmount      = "DEP017"
	CodeConflict    = "DEP018"
	CodePort        = "DEP019"
	CodeNetwork     = "DEP020"
	CodeOther       = "DEP021"
	CodeCycle       = "DEP022"
	CodeVolume      = "DEP023"
	CodeNotEC2      = "DEP024"
	CodeRole        = "DEP025"
	CodeRange       = "DEP026"
	CodePlain       = "DEP027"
	CodeTarget      = "DEP028"
	CodeUnmapped    = "DEP029"
	CodeClassic     = "DEP030"
	CodeBalancer    = "DEP031"
	CodeGrace       = "DEP032"
	CodeDaemon      = "DEP033"
	CodeStrategy    = "DEP034"
	CodeConstraint  = "DEP035"
	CodeRebalancing = "DEP036"
	CodeDeadlock    = "DEP037"
	CodeDeployment  = "DEP038"
	CodeCapacity    = "DEP039"
	CodeLog         = "DEP040"
	CodeReserved    = "DEP041"
	CodeNever       = "DEP042"
	CodeCluster     = "DEP043"
	CodeKind        = "DEP044"
	CodeCheck       = "DEP045"
	CodeUnreachable = "DEP046"
)

//go:embed codes.txt
var codesText string // "CODE title: text" in each line

// Codes lists the help for every fault code, in the order of the codes.
func Codes() []Explanation {
	return pages.Lines(codesText).All()
}

// Explain finds the help for one fault code; false when the code is none of this package.
func Explain(code string) (Explanation, bool) {
	return pages.Lines(codesText).Explain(code)
}

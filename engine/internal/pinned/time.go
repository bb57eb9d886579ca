package pinned

import (
	"text/template"
	"time"
)

// timeFunctions replaces what reads the clock or the local zone.
func (p *Pin) timeFunctions() template.FuncMap {
	return template.FuncMap{
		"now":            p.Now,
		"ago":            p.ago,
		"durationRound":  p.durationRound,
		"date":           func(format string, date any) string { return p.format(format, date, "UTC") },
		"htmlDate":       func(date any) string { return p.format(time.DateOnly, date, "UTC") },
		"dateInZone":     p.format,
		"date_in_zone":   p.format,
		"htmlDateInZone": func(date any, zone string) string { return p.format(time.DateOnly, date, zone) },
		"toDate":         func(format, text string) time.Time { date, _ := p.parse(format, text); return date },
		"mustToDate":     p.parse,
	}
}

// Now is the pinned time.
func (p *Pin) Now() time.Time {
	p.Uses.Time = true
	return p.now
}

// format gives anything that is no date the pinned time, as sprig gives it the present.
func (p *Pin) format(format string, date any, zone string) string {
	switch date.(type) {
	case time.Time, *time.Time, int64, int, int32:
	default:
		date = p.Now()
	}
	if zone == "Local" {
		zone = "UTC"
	}
	return p.sprig["dateInZone"].(func(string, any, string) string)(format, date, zone)
}

func (p *Pin) parse(format, text string) (time.Time, error) {
	return time.ParseInLocation(format, text, time.UTC)
}

func (p *Pin) ago(date any) string {
	now := p.Now()
	moment := now
	switch typed := date.(type) {
	case time.Time:
		moment = typed
	case int64:
		moment = time.Unix(typed, 0)
	case int:
		moment = time.Unix(int64(typed), 0)
	}
	return now.Sub(moment).Round(time.Second).String()
}

// durationRound measures a date from the pinned time; durations are as they are.
func (p *Pin) durationRound(duration any) string {
	if date, isDate := duration.(time.Time); isDate {
		duration = int64(p.Now().Sub(date))
	}
	return p.sprig["durationRound"].(func(any) string)(duration)
}

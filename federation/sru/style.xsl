<?xml version="1.0" encoding="UTF-8"?>
<!-- Shows the answers of the SRU door, of every version, to a person with a browser; labels in Vietnamese and English. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="html" encoding="UTF-8" doctype-system="about:legacy-compat"/>

  <xsl:template match="/*">
    <html lang="vi">
      <head>
        <meta charset="UTF-8"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="robots" content="noindex"/>
        <title>SRU</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1b1b1b; background: #fff }
          a { color: #0b57a4 } input { font: inherit; width: 60% }
          table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem } th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #ddd }
          .error { color: #a40000 } small { color: #555 }
          @media (prefers-color-scheme: dark) { body { background: #161616; color: #eee } a { color: #8ec5ff } small { color: #aaa } .error { color: #ff9a9a } }
        </style>
      </head>
      <body>
        <h1>SRU</h1>
        <p>Trang này dành cho phần mềm thư viện; dưới đây là bản đọc cho người.<br/>
          <small>This page is meant for library software; what follows is the same answer for people.</small></p>
        <form>
          <input name="query" aria-label="CQL" value="{*/*[local-name()='query']}"/>
          <button>Tìm / Search</button>
        </form>
        <xsl:apply-templates select=".//*[local-name()='diagnostic']"/>
        <xsl:apply-templates select="*[local-name()='numberOfRecords' or local-name()='records' or local-name()='terms' or local-name()='record']"/>
      </body>
    </html>
  </xsl:template>

  <xsl:template match="*[local-name()='diagnostic']">
    <p class="error"><strong><xsl:value-of select="*[local-name()='message']"/></strong>
      (<xsl:value-of select="*[local-name()='uri']"/>) <xsl:value-of select="*[local-name()='details']"/></p>
  </xsl:template>

  <xsl:template match="*[local-name()='numberOfRecords']">
    <p><xsl:value-of select="."/> biểu ghi / records</p>
  </xsl:template>

  <xsl:template match="*[local-name()='records']">
    <table>
      <xsl:for-each select="*">
        <xsl:variable name="held" select="*[local-name()='extraRecordData']/*"/>
        <tr>
          <td><xsl:value-of select="*[local-name()='recordPosition']"/></td>
          <td>
            <xsl:call-template name="title"><xsl:with-param name="data" select="*[local-name()='recordData']"/></xsl:call-template>
            <xsl:if test="$held/@address"><br/><a href="{$held/@address}"><xsl:value-of select="$held/@address"/></a></xsl:if>
          </td>
          <td>
            <xsl:for-each select="$held/*">
              <xsl:value-of select="@library"/>: <xsl:value-of select="*[local-name()='callNumber']"/>
              <small> (<xsl:value-of select="@asOf"/>)</small><br/>
            </xsl:for-each>
          </td>
        </tr>
      </xsl:for-each>
    </table>
  </xsl:template>

  <xsl:template name="title">
    <xsl:param name="data"/>
    <xsl:choose>
      <xsl:when test="$data//*[@tag='245']">
        <xsl:for-each select="$data//*[@tag='245']/*"><xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$data//*[local-name()='title']"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="*[local-name()='terms']">
    <table>
      <xsl:for-each select="*">
        <tr>
          <td><xsl:value-of select="*[local-name()='value']"/><xsl:text> </xsl:text><small><xsl:value-of select="*[local-name()='displayTerm']"/></small></td>
          <td><xsl:value-of select="*[local-name()='numberOfRecords']"/></td>
        </tr>
      </xsl:for-each>
    </table>
  </xsl:template>

  <xsl:template match="*[local-name()='record']">
    <xsl:variable name="explain" select="*[local-name()='recordData']/*"/>
    <h2><xsl:value-of select="$explain/*[local-name()='databaseInfo']/*[local-name()='title']"/></h2>
    <p><xsl:value-of select="$explain/*[local-name()='databaseInfo']/*[local-name()='description']"/></p>
    <table>
      <xsl:for-each select="$explain/*[local-name()='indexInfo']/*[local-name()='index']">
        <tr>
          <th scope="row"><xsl:value-of select="*[local-name()='title'][1]"/> / <xsl:value-of select="*[local-name()='title'][2]"/></th>
          <td><xsl:for-each select="*[local-name()='map']/*[local-name()='name']"><xsl:value-of select="@set"/>.<xsl:value-of select="."/><xsl:text> </xsl:text></xsl:for-each></td>
        </tr>
      </xsl:for-each>
    </table>
  </xsl:template>
</xsl:stylesheet>
